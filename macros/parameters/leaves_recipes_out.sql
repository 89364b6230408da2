{# Whether this build makes the scores of the index but leaves out what scores another baseline than the classical one
   (--exclude tag:multiverse, --selector scale). #}
{% macro leaves_recipes_out() -%}
    {%- set model = 'model.' ~ project_name ~ '.' -%}
    {{ return(model ~ 'index_scores' in selected_resources and model ~ 'int_scored_sets' not in selected_resources) }}
{%- endmacro %}
