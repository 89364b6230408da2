{# A number in a sentence: fixed decimals, and a question mark instead of a null that would blank the sentence. #}
{% macro shown(number, decimals=3) -%}
    case
        when {{ number }} = cast('infinity' as double) then 'inf'
        else coalesce(printf('%.{{ decimals }}f', cast({{ number }} as double)), '?')
    end
{%- endmacro %}
{# Two bounds in a sentence. #}
{% macro bounds(low, high, decimals=3) -%}
    '[' || {{ shown(low, decimals) }} || ', ' || {{ shown(high, decimals) }} || ']'
{%- endmacro %}
