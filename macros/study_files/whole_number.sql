{# The whole number that a text of digits shows, else null: a cast alone would round 2012.6 to 2013. #}
{% macro whole_number(column, is_text=true) -%}
    {%- if is_text -%}
    case when translate({{ column }}, '0123456789', '') = '' then try_cast({{ column }} as integer) end
    {%- else -%}
    case when {{ column }} = floor({{ column }}) then try_cast({{ column }} as integer) end
    {%- endif -%}
{%- endmacro %}
