{#-
    z and v = 1 - z of int_normalized_values, columns z_3 and v_3 for indicator 3, by row of a wide file
A constant indicator is 0 where it has a value.
-#}
{%- set indicators = wide_indicators() %}
{%- if indicators %}
    with

    bounds as (
        {{ as_one_row(indicators, ref('int_indicator_bounds'), ['minimum', 'maximum', 'is_constant']) }}
    ),

    final as (
        select
            rows_of_file.entity_code,
            rows_of_file.year
            {% for one in indicators %}
            {% set key = one.indicator_key %}
            {% set x = held('x_' ~ key, 'minimum_' ~ key, 'maximum_' ~ key) %}
            {% set direction = "'" ~ one.direction ~ "'" %},
            case
                when is_constant_{{ key }} then 0 * x_{{ key }}
                else {{ min_max(x, 'minimum_' ~ key, 'maximum_' ~ key, direction) }}
            end as z_{{ key }},
            case
                when is_constant_{{ key }} then 0 * x_{{ key }}
                else {{ shortfall(x, 'minimum_' ~ key, 'maximum_' ~ key, direction) }}
            end as v_{{ key }}
            {% endfor %}
        from {{ ref('int_values_by_row') }} as rows_of_file
        cross join bounds
    )

    select * from final
{%- else %}
    -- depends_on: {{ ref('int_indicator_bounds') }}
    -- depends_on: {{ ref('int_values_by_row') }}
    select 1 as no_row
    where 1 = 0
{%- endif %}
