{# z ln z, which is 0 at z = 0. #}
{% macro entropy_term(z) -%}
    case when {{ z }} > 0 then {{ z }} * ln({{ z }}) else 0 end
{%- endmacro %}
