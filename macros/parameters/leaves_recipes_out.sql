{# Whether this build makes the scores of the index but leaves the recipes out (--exclude tag:multiverse, --selector scale). #}
{% macro leaves_recipes_out() -%}
    {%- set model = 'model.' ~ project_name ~ '.' -%}
    {{ return(model ~ 'index_scores' in selected_resources and model ~ 'int_spec_scores' not in selected_resources) }}
{%- endmacro %}
