{# Where a value stands between the smallest (0) and the largest (1) of its indicator. #}
{% macro above_minimum(value, minimum, maximum) -%}
    ({{ held(value, minimum, maximum) }} - {{ minimum }}) / ({{ maximum }} - {{ minimum }})
{%- endmacro %}

{# What it lacks to the largest: 1 minus the former, without a subtraction that would lose digits. #}
{% macro below_maximum(value, minimum, maximum) -%}
    ({{ maximum }} - {{ held(value, minimum, maximum) }}) / ({{ maximum }} - {{ minimum }})
{%- endmacro %}
