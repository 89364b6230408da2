{# logit C1 - logit C0 of two rows, from their squared distances: logit C = 1/2 ln(a / b). #}
{% macro logit_change() -%}
    0.5 * (ln(anti_ideal_1 / nullif(ideal_1, 0)) - ln(anti_ideal_0 / nullif(ideal_0, 0)))
{%- endmacro %}
