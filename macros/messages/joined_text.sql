{# The texts of a group joined into one, in a stated order. #}
{% macro joined_text(text, separator, order) -%}
    {{ return(adapter.dispatch('joined_text')(text, separator, order)) }}
{%- endmacro %}

{% macro duckdb__joined_text(text, separator, order) -%}
    string_agg({{ text }}, '{{ separator }}' order by {{ order }})
{%- endmacro %}

{% macro spark__joined_text(text, separator, order) -%}
    string_agg({{ text }}, '{{ separator }}') within group (order by {{ order }})
{%- endmacro %}
