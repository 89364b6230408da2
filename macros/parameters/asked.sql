{# What a question in analyses/ is about: the var of the command line, or what stands in where it is not given. #}
{% macro asked_code(variable, otherwise) -%}
    coalesce(cast({{ var(variable, none) | tojson | replace('"', "'") }} as string), {{ otherwise }})
{%- endmacro %}

{% macro asked_year(variable, otherwise) -%}
    coalesce(cast({{ var(variable, 'null') }} as integer), {{ otherwise }})
{%- endmacro %}
