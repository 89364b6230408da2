{# The only two ways by which a name or a text that comes from a file, a path or the surroundings reaches SQL: as a quoted
   name and as a quoted text. What closes the quotes is doubled, so nothing in it is ever read as SQL. #}
{% macro quoted_name(name) -%}
    {{ return(adapter.dispatch('quoted_name')(name | string)) }}
{%- endmacro %}

{% macro quoted_text(text) -%}
    {{ return(adapter.dispatch('quoted_text')(text | string)) }}
{%- endmacro %}

{% macro default__quoted_name(name) -%}
    {{ return('"' ~ name | replace('"', '""') ~ '"') }}
{%- endmacro %}

{% macro default__quoted_text(text) -%}
    {{ return("'" ~ text | replace("'", "''") ~ "'") }}
{%- endmacro %}

{% macro spark__quoted_name(name) -%}
    {{ return('`' ~ name | replace('`', '``') ~ '`') }}
{%- endmacro %}

{# Spark reads a backslash in a text as the start of an escape. #}
{% macro spark__quoted_text(text) -%}
    {{ return("'" ~ text | replace('\\', '\\\\') | replace("'", "\\'") ~ "'") }}
{%- endmacro %}
