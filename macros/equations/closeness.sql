{# TOPSIS: the closeness C = D- / (D- + D+) of two distances; no score where both are 0. #}
{% macro closeness(to_anti_ideal, to_ideal) -%}
    {{ to_anti_ideal }} / nullif({{ to_anti_ideal }} + {{ to_ideal }}, 0)
{%- endmacro %}
