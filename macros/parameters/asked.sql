{# What a question in analyses/ is about: the var of the command line, or what stands in where it is not given. #}
{% macro asked_code(variable, otherwise) -%}
    {%- set code = var(variable, none) -%}
    coalesce(cast({{ 'null' if code is none else quoted_text(code) }} as string), {{ otherwise }})
{%- endmacro %}

{% macro asked_year(variable, otherwise) -%}
    coalesce(cast({{ var(variable, 'null') }} as integer), {{ otherwise }})
{%- endmacro %}
