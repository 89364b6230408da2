{# The columns of a range: extremes of a value, how many there are, and what they rest on. #}
{% macro range_of(value) -%}
    min({{ value }}) as minimum,
    max({{ value }}) as maximum,
    cast(count({{ value }}) as bigint) as entity_years,
    max(cast(is_derived as integer)) = 1 as uses_derived,
    cast(sum(cast(is_imputed as integer)) as bigint) as imputed_values
{%- endmacro %}
