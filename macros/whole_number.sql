{# The whole number that a text of digits shows, else null: a cast alone would round 2012.6 to 2013. #}
{% macro whole_number(text) -%}
    case when translate({{ text }}, '0123456789', '') = '' then try_cast({{ text }} as integer) end
{%- endmacro %}
