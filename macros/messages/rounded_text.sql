{# A number with 0 to 5 decimals, as a column says, a tie away from zero as everywhere; a question mark where there is none. A
   bound, which its name says, is rounded outwards: what is printed never shuts out what the interval holds. #}
{% macro rounded_text(number, decimals, name) -%}
    case
        when {{ number }} is null then '?'
        when {{ number }} = cast('infinity' as double) then 'inf'
        when {{ number }} = -cast('infinity' as double) then '-inf'
        {%- for digits in range(6) %}
        when {{ decimals }} = '{{ digits }}' and {{ name }} like '%low'
            then printf('%.{{ digits }}f', floor(round({{ number }} * 1e{{ digits }}, 6)) / 1e{{ digits }})
        when {{ decimals }} = '{{ digits }}' and {{ name }} like '%high'
            then printf('%.{{ digits }}f', ceil(round({{ number }} * 1e{{ digits }}, 6)) / 1e{{ digits }})
        when {{ decimals }} = '{{ digits }}' then printf('%.{{ digits }}f', round({{ number }}, {{ digits }}))
        {%- endfor %}
    end
{%- endmacro %}
