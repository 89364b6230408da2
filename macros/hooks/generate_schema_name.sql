{# Schemas carry the names of the architecture (raw, staging, marts ...), without a prefix per developer:
   one database file holds one study. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
