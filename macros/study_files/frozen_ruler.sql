{# The rows of the frozen ruler that the var `ruler` names: an export of marts.indicator_weights (docs/study-format.md), as
   text; Parquet has numbers, which are cast. No rows without one. A file that is missing or lacks a column stops the
   build by name. #}
{% macro ruler_rows() -%}
    {%- set required = ['index_code', 'indicator_code', 'minimum', 'maximum', 'entropy', 'weight'] -%}
    {%- set path = var('ruler') -%}
    {%- if path and execute -%}
        {%- if target.type == 'duckdb' and not run_query('select 1 from glob(' ~ quoted_text(path) ~ ')').rows -%}
            {{ exceptions.raise_compiler_error(
                'The ruler ' ~ path ~ ' does not exist. Give its path from the folder in which dbt runs, or leave it out.'
            ) }}
        {%- endif -%}
        {%- if target.type == 'spark' and path.endswith('.csv') -%}
            {{ exceptions.raise_compiler_error(
                'The ruler ' ~ path ~ ' is not Parquet, which Spark reads in place. Name the folder '
                ~ 'marts.db/indicator_weights of another warehouse.'
            ) }}
        {%- endif -%}
        {%- set found = columns_of_file(path) | map(attribute='name') | map('lower') | list -%}
        {%- set missing = required | reject('in', found) | list -%}
        {%- if missing -%}
            {{ exceptions.raise_compiler_error(
                path ~ ': missing column ' ~ missing | join(', ')
                ~ '. A ruler is an export of marts.indicator_weights: write it anew with dbt run-operation export_ruler.'
            ) }}
        {%- endif -%}
    {%- endif -%}
    select
    {%- for column in required %}
        {{ trimmed(column) if path else 'cast(null as string)' }} as {{ column }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    {% if path %}from {{ external_file(path) }}{% else %}where 1 = 0{% endif %}
{%- endmacro %}

{# A value held at the ends of a frozen ruler: beyond its best and worst nothing is gained or lost. Own bounds need none.
   Engines pass over a null among least and greatest; held, it stays one. #}
{% macro held(value, minimum, maximum) -%}
    {%- if var('ruler') -%}
    case when {{ value }} is not null then least(greatest({{ value }}, {{ minimum }}), {{ maximum }}) end
    {%- else -%}
    {{ value }}
    {%- endif -%}
{%- endmacro %}

{# Writes the bounds and weights of the last build to a file: dbt run-operation export_ruler --args '{path: ruler.csv}' #}
{% macro export_ruler(path) -%}
    {%- if target.type == 'spark' -%}
        {{ exceptions.raise_compiler_error(
            'On Spark the ruler is Parquet already: copy the folder marts.db/indicator_weights of the warehouse.'
        ) }}
    {%- endif -%}
    {%- if run_query("select 1 from staging.stg_specs where is_baseline and not is_classical").rows -%}
        {{ exceptions.raise_compiler_error(
            'A ruler holds bounds and entropy weights over all years, and the baseline of def_specs.csv is built in another way. '
            ~ 'Let min_max, entropy, topsis over all years be the baseline, build, and export again.'
        ) }}
    {%- endif -%}
    {%- do run_query(
        'copy (select * from marts.indicator_weights order by index_code, indicator_code) to '
        ~ quoted_text(path) ~ ' (header true)'
    ) -%}
    {%- do print('The ruler is in ' ~ path) -%}
{%- endmacro %}
