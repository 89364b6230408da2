{# A number in plain digits, the same on every engine: a cast to text alone writes 0.0001 or 1.0E-4. #}
{% macro number_text(number) -%}
    trim(trailing '.' from trim(trailing '0' from cast(cast({{ number }} as decimal(38, 12)) as string)))
{%- endmacro %}
