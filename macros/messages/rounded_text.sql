{# A number with 0 to 5 decimals, as a column says, a tie away from zero as everywhere; a question mark where there is none. #}
{% macro rounded_text(number, decimals) -%}
    case
        when {{ number }} is null then '?'
        when {{ number }} = cast('infinity' as double) then 'inf'
        when {{ number }} = -cast('infinity' as double) then '-inf'
        {%- for digits in range(6) %}
        when {{ decimals }} = '{{ digits }}' then printf('%.{{ digits }}f', round({{ number }}, {{ digits }}))
        {%- endfor %}
    end
{%- endmacro %}
