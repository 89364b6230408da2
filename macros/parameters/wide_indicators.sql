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
