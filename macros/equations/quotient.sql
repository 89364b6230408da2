{# An indicator or a variable out of its series; without a denominator the numerator alone. #}
{% macro quotient(numerator, denominator, multiplier) -%}
    {{ numerator }}{{ ' / nullif(' ~ denominator ~ ', 0)' if denominator }} * {{ multiplier }}
{%- endmacro %}
