{# One row per indicator out of one row with columns named by its key: `names` are the columns, minimum for minimum_3. #}
{% macro by_indicator(indicators, source, names) -%}
    select
        indicators.indicator_key
        {%- for name in names -%}
        ,
        case indicators.indicator_key
            {%- for one in indicators %}
            when {{ one.indicator_key }} then aggregates.{{ name }}_{{ one.indicator_key }}
            {%- endfor %}
        end as {{ name }}
        {%- endfor %}
    from {{ ref('int_wide_indicators') }} as indicators
    cross join {{ source }} as aggregates
{%- endmacro %}
