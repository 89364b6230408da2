{# What a contract says of nulls, where the engine does not see to it: Spark enforces no constraint. A null in a column
   that is not to hold one stops the build, as it does on DuckDB. #}
{% macro require_not_null_columns() -%}
    {{ return(adapter.dispatch('require_not_null_columns')()) }}
{%- endmacro %}

{% macro default__require_not_null_columns() -%}
{%- endmacro %}

{% macro spark__require_not_null_columns() -%}
    {%- set counts = [] -%}
    {%- for column in model.columns.values() if 'not_null' in column.constraints | map(attribute='type') -%}
        {%- do counts.append('count_if(' ~ column.name ~ ' is null) as ' ~ column.name) -%}
    {%- endfor -%}
    {%- if execute and counts -%}
        {%- for column, nulls in run_query('select ' ~ counts | join(', ') ~ ' from ' ~ this).rows[0].items() if nulls -%}
            {{ exceptions.raise_compiler_error(
                this ~ ': ' ~ nulls ~ ' rows have no ' ~ column ~ ', which its contract calls not null.'
            ) }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
