{# True where the smallest and the largest value are the same but for rounding: a quotient that is the same
   everywhere differs in its last bits, and min-max would blow that up. #}
{% macro is_constant(minimum, maximum) -%}
    {{ maximum }} - {{ minimum }} <= 1e-12 * greatest(abs({{ minimum }}), abs({{ maximum }}))
{%- endmacro %}
