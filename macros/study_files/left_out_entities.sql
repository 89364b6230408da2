{# The entities that def_entities.csv leaves out of the study (left_out is true), as a query; blank where its file has no such
   column, so that a large panel without one is not searched for them. #}
{% macro left_out_entities() -%}
    {%- if execute and not source('study', 'def_entities').is_cte -%}
        {%- set path = path_of_study_file('def_entities', 'NQP_ENTITIES') | trim -%}
        {%- if path and 'left_out' in columns_of_file(path) | map(attribute='name') | map('lower') -%}
            select {{ trimmed('entity_code') }} from {{ external_file(path) }} where {{ is_true('left_out') }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# A cell that says yes. #}
{% macro is_true(column) -%}
    coalesce(lower({{ trimmed(column) }}) in ('true', '1', 'yes'), false)
{%- endmacro %}
