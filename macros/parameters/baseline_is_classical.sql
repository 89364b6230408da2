{# Whether the baseline is min-max, entropy weights and TOPSIS over all years, which models/index computes, or another recipe, which
   models/recipes computes. In unit tests, and where nothing was built yet (dbt compile), it is classical. While dbt reads the
   project it is not, so that dbt sees what the branch of the other recipes refers to. #}
{% macro baseline_is_classical() -%}
    {%- set specs = ref('stg_specs') -%}
    {%- if execute and not specs.is_cte and load_relation(specs) is not none -%}
        {%- set rows = run_query('select is_classical from ' ~ specs ~ ' where is_baseline').rows -%}
        {{ return(rows | length != 1 or rows[0][0]) }}
    {%- endif -%}
    {{ return(execute) }}
{%- endmacro %}
