{#-
A relation in one transaction: what stood under its name is dropped and made anew, and a failure leaves it as it was. dbt's own way
makes a table or a view beside the old one and renames both, and drops a seed before it makes it: more statements for every relation of
a build. Spark keeps that way.
-#}
{% macro replaced_in_one_transaction(relation, statement_that_makes_it) %}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        drop {{ 'view' if (existing or relation).is_view else 'table' }} if exists {{ relation }};
        {{ statement_that_makes_it }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(relation, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [relation]}) }}
{% endmacro %}

{% materialization table, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='table') -%}
    {{ return(replaced_in_one_transaction(relation, create_table_as(false, relation, compiled_code))) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='view') -%}
    {{ return(replaced_in_one_transaction(relation, get_create_view_as_sql(relation, compiled_code))) }}
{% endmaterialization %}

{# The rows come with the table (macros/study_files/load_study_file.sql). #}
{% materialization seed, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='table') -%}
    {%- do store_result('agate_table', response='OK', agate_table=none) -%}
    {{ return(replaced_in_one_transaction(relation, duckdb_table_of_file(relation))) }}
{% endmaterialization %}
