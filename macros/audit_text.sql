{# A number in a sentence: fixed decimals, and the word "unknown" instead of a null that would blank the sentence. #}
{% macro shown(number, decimals=3) -%}
    coalesce(printf('%.{{ decimals }}f', cast({{ number }} as double)), '?')
{%- endmacro %}
{# Two bounds in a sentence. #}
{% macro bounds(low, high, decimals=3) -%}
    '[' || {{ shown(low, decimals) }} || ', ' || {{ shown(high, decimals) }} || ']'
{%- endmacro %}
