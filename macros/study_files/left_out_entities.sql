{# The entities that def_entities.csv leaves out of the study (left_out is true), as a query; blank where its file has no such
   column, so that a large panel without one is not searched for them. #}
{% macro left_out_entities() -%}
    {%- set seed = ref('def_entities') -%}
    {%- if execute and not seed.is_cte -%}
        {%- set path = external_path(seed, 'NQP_ENTITIES') -%}
        {%- set columns = columns_of_file(path) if path else adapter.get_columns_in_relation(seed) -%}
        {%- if 'left_out' in columns | map(attribute='name') | map('lower') -%}
            select {{ trimmed('entity_code') }} from {{ external_file(path) if path else seed }} where {{ is_true('left_out') }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# A cell that says yes. #}
{% macro is_true(column) -%}
    coalesce(lower({{ trimmed(column) }}) in ('true', '1', 'yes'), false)
{%- endmacro %}
