{#
    The index by rows of a wide file (int_wide_indicators): per entity-year, columns named by the indicator's key
        x_1, x_2, ...    values
        z_1, z_2, ...    normalized values     v_1, v_2, ...    shortfalls
    The equations are those of int_indicator_values, int_normalized_values, int_squared_parts and int_squared_distances;
    tests/python/test_external.py holds both ways against each other.
#}

{# The rows of int_wide_indicators; an empty list where the study is computed cell by cell, and in unit tests. #}
{% macro wide_indicators() -%}
    {%- set indicators = ref('int_wide_indicators') -%}
    {%- if execute and not indicators.is_cte -%}
        {{ return(run_query(
            'select indicator_key, dimension_key, index_code, direction, numerator_series, denominator_series, '
            ~ 'cast(multiplier as string) as multiplier, first_year, last_year from ' ~ indicators ~ ' order by indicator_key'
        ).rows | list) }}
    {%- endif -%}
    {{ return([]) }}
{%- endmacro %}

{# Whether the observations are a wide file whose columns are all numbers, not what stands in for them in a unit test. #}
{% macro is_wide_file_of_numbers(observations) -%}
    {%- set path = external_path(observations, 'NQP_OBSERVATIONS') -%}
    {%- set columns = columns_of_file(path) if execute and path else [] -%}
    {{ return(
        'series_code' not in columns | map(attribute='name')
        and columns | rejectattr('is_number') | map(attribute='name') | list == ['entity_code']
    ) }}
{%- endmacro %}

{# x: the values of the indicators, null outside the years of the index. #}
{% macro values_of_columns(indicators) -%}
    select
        entity_code,
        year
        {%- for one in indicators -%}
        ,
        case
            when year between {{ one.first_year }} and {{ one.last_year }}
                then {{ quotient(
                    adapter.quote(one.numerator_series),
                    adapter.quote(one.denominator_series) if one.denominator_series else none,
                    "cast('" ~ one.multiplier ~ "' as double)"
                ) }}
        end as x_{{ one.indicator_key }}
        {%- endfor %}
    from (
        select
            {{ trimmed('entity_code') }} as entity_code,
            {{ whole_number('year', is_text=false) }} as year
            {%- for series in (indicators | map(attribute='numerator_series') | list
                + indicators | map(attribute='denominator_series') | select | list) | unique %},
            {{ plain_number(adapter.quote(series), is_text=false) }} as {{ adapter.quote(series) }}
            {%- endfor %}
        from {{ external_file(absolute_path(env_var('NQP_OBSERVATIONS', ''))) }}
    ) as rows_of_file
{%- endmacro %}

{# z and v, the normalized values and the shortfalls. #}
{% macro normalized_columns(indicators) -%}
    select
        entity_code,
        year
        {%- for one in indicators -%}
        {%- set key = one.indicator_key -%}
        {%- set x = held('x_' ~ key, 'minimum_' ~ key, 'maximum_' ~ key) -%}
        {%- set bounds = ['minimum_' ~ key, 'maximum_' ~ key, "'" ~ one.direction ~ "'"] -%}
        ,
        case when is_constant_{{ key }} then 0 * x_{{ key }} else {{ min_max(x, *bounds) }} end as z_{{ key }},
        case when is_constant_{{ key }} then 0 * x_{{ key }} else {{ shortfall(x, *bounds) }} end as v_{{ key }}
        {%- endfor %}
    from ({{ values_of_columns(indicators) }}) as values_of_rows
    cross join (
        {{ row_of_indicators(indicators, ref('int_indicator_bounds'), ['minimum', 'maximum', 'is_constant']) }}
    ) as bounds
{%- endmacro %}

{# One row per indicator of what an aggregate of its column gives: `results` names an expression by its column. #}
{% macro rows_of_aggregates(indicators, source, results) -%}
    select
        indicators.indicator_key
        {%- for name in results -%}
        ,
        case indicators.indicator_key
            {%- for one in indicators %}
            when {{ one.indicator_key }} then aggregates.{{ name }}_{{ one.indicator_key }}
            {%- endfor %}
        end as {{ name }}
        {%- endfor %}
    from {{ ref('int_wide_indicators') }} as indicators
    cross join (
        select
            {%- for one in indicators -%}
            {%- set last = loop.last -%}
            {%- for name, expression in results.items() %}
            {{ expression | replace('#', one.indicator_key) }} as {{ name }}_{{ one.indicator_key }}
            {{- ',' if not (last and loop.last) }}
            {%- endfor -%}
            {%- endfor %}
        from ({{ source }}) as rows_of_file
    ) as aggregates
{%- endmacro %}

{# The ranges of int_indicator_ranges. Nothing in a column is derived or imputed. #}
{% macro ranges_of_columns(indicators) -%}
    select
        *,
        false as uses_derived,
        cast(0 as bigint) as imputed_values
    from (
        {{ rows_of_aggregates(indicators, values_of_columns(indicators), {
            'minimum': 'min(x_#)', 'maximum': 'max(x_#)', 'entity_years': 'count(x_#)',
        }) }}
    ) as ranges
{%- endmacro %}

{# The sums of int_entropy_weights. #}
{% macro entropy_sums_of_columns(indicators) -%}
    {{ rows_of_aggregates(indicators, normalized_columns(indicators), {
        'total': 'sum(z_#)',
        'total_log': 'sum(' ~ entropy_term('z_#') ~ ')',
        'entity_years': 'cast(count(z_#) as double)',
    }) }}
{%- endmacro %}

{# The distances of int_squared_distances: sums over the indicators of each dimension, and over the dimensions of an index. #}
{% macro squared_distances_of_columns(indicators) -%}
    {%- set dimensions = indicators | groupby('dimension_key') -%}
    select *
    from (
        select
            indices.index_key,
            sums.entity_code,
            sums.year
            {%- for distance in ['to_ideal', 'to_anti_ideal'] -%}
            ,
            case indices.index_key
                {%- for key, members in dimensions %}
                when {{ key }} then sums.{{ distance }}_{{ key }}
                {%- endfor %}
                {%- for index, members in indicators | groupby('index_code') %}
                {%- set keys = members | map(attribute='dimension_key') | unique | sort %}
                when -{{ keys | first }} then {{ 'sums.' ~ distance ~ '_' }}{{ keys | join(' + sums.' ~ distance ~ '_') }}
                {%- endfor %}
            end as {{ distance }}
            {%- endfor %}
        from (
            select
                entity_code,
                year
                {%- for key, members in dimensions -%}
                {%- for distance, part in [('to_ideal', 'v'), ('to_anti_ideal', 'z')] -%}
                ,
                {% for one in members -%}
                {%- set weighted = '(weight_' ~ one.indicator_key ~ ' * ' ~ part ~ '_' ~ one.indicator_key ~ ')' -%}
                {{ weighted }} * {{ weighted }}{{ ' + ' if not loop.last }}
                {%- endfor %} as {{ distance }}_{{ key }}
                {%- endfor -%}
                {%- endfor %}
            from ({{ normalized_columns(indicators) }}) as normalized_values
            cross join (
                {{ row_of_indicators(indicators, ref('int_entropy_weights'), ['weight']) }}
            ) as weights
        ) as sums
        cross join indices
    ) as distances
    where to_ideal is not null
{%- endmacro %}

{# A small table of one row per indicator as one row: column weight_3 is the weight of indicator 3. #}
{% macro row_of_indicators(indicators, source, names) -%}
    select
        {%- for one in indicators -%}
        {%- set last = loop.last -%}
        {%- for name in names %}
        max(case when indicator_key = {{ one.indicator_key }} then {{ name }} end) as {{ name }}_{{ one.indicator_key }}
        {{- ',' if not (last and loop.last) }}
        {%- endfor -%}
        {%- endfor %}
    from {{ source }}
{%- endmacro %}
