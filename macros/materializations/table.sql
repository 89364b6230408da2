{#-
A table in one transaction: what stood under its name is dropped and made anew, and a failure leaves it as it was. dbt's own way
makes it beside the old one and renames both, four more statements for every table of a build; Spark keeps that way.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        drop {{ 'view' if existing is not none and existing.is_view else 'table' }} if exists {{ target }};
        {{ create_table_as(false, target, compiled_code) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
