{#-
    to the ideal       b = sum_j (w_j v_ij)^2
    to the anti-ideal  a = sum_j (w_j z_ij)^2
By row of a wide file: a sum over columns for every dimension, and over the dimensions for the index.
-#}
{%- set indicators = wide_indicators() %}
{%- set distances = [('to_ideal', 'v_'), ('to_anti_ideal', 'z_')] %}
{%- if indicators %}
    with

    weights as (
        {{ as_one_row(indicators, ref('int_entropy_weights'), ['weight']) }}
    ),

    sums as (
        select
            rows_of_file.entity_code,
            rows_of_file.year
            {% for dimension, members in indicators | groupby('dimension_key') %}
            {% for distance, part in distances %},
            {% for one in members %}
            {%- set weighted = '(weight_' ~ one.indicator_key ~ ' * ' ~ part ~ one.indicator_key ~ ')' -%}
            {{ weighted }} * {{ weighted }}{{ ' + ' if not loop.last }}
            {% endfor %} as {{ distance }}_{{ dimension }}
            {% endfor %}
            {% endfor %}
        from {{ ref('int_normalized_by_row') }} as rows_of_file
        cross join weights
    ),

    index_keys as (
        select distinct
            index_key,
            index_code
        from {{ ref('int_index_keys') }}
    ),

    distances as (
        select
            index_keys.index_key,
            index_keys.index_code,
            sums.entity_code,
            sums.year
            {% for distance, part in distances %},
            case index_keys.index_key
                {% for dimension, members in indicators | groupby('dimension_key') %}
                when {{ dimension }} then sums.{{ distance }}_{{ dimension }}
                {% endfor %}
                {% for index, members in indicators | groupby('index_code') %}
                {% set keys = members | map(attribute='dimension_key') | unique | sort %}
                when -{{ keys | first }}
                    then {{ 'sums.' ~ distance ~ '_' }}{{ keys | join(' + sums.' ~ distance ~ '_') }}
                {% endfor %}
            end as {{ distance }}
            {% endfor %}
        from sums
        cross join index_keys
    ),

    final as (
        select * from distances
        where to_ideal is not null
    )

    select * from final
{%- else %}
    -- depends_on: {{ ref('int_entropy_weights') }}
    -- depends_on: {{ ref('int_normalized_by_row') }}
    -- depends_on: {{ ref('int_index_keys') }}
    select 1 as no_row
    where 1 = 0
{%- endif %}
