{# Prints, after a run, the rows that made a test fail or warn: what is wrong, where, and how to mend it.
   dbt alone says only how many there were. Of a file read in place that the engine cannot read, it says which; where the
   project itself refuses one, in a compilation error, that says so already. #}
{% macro explain_failures(results) -%}
    {%- if execute -%}
        {%- for result in results if result.status == 'error' and 'Compilation Error' not in result.message -%}
            {%- set variable = {'stg_observations': 'NQP_OBSERVATIONS', 'stg_entities': 'NQP_ENTITIES'}.get(result.node.name) -%}
            {%- if variable and env_var(variable, '') -%}
                {%- do print('') -%}
                {%- do print(variable ~ ' is ' ~ env_var(variable) ~ ': it cannot be read as what its name says. Write it anew.') -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for result in results
            if result.node.resource_type == 'test' and result.status in ('fail', 'warn') and result.failures -%}
            {%- do print('') -%}
            {%- do print(result.status | upper ~ ' ' ~ result.node.name ~ ': ' ~ result.failures ~ ' row(s)') -%}
            {%- set rows = run_query('select * from (' ~ result.node.compiled_code ~ ') as failing limit 10') -%}
            {%- for row in rows.rows -%}
                {%- if 'message' in rows.column_names -%}
                    {%- do print('  ' ~ row['message']) -%}
                {%- else -%}
                    {%- set cells = [] -%}
                    {%- for name in rows.column_names -%}
                        {%- do cells.append(name ~ ' = ' ~ row[name]) -%}
                    {%- endfor -%}
                    {%- do print('  ' ~ cells | join(', ')) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- if result.failures > 10 -%}
                {%- do print('  ... and ' ~ (result.failures - 10) ~ ' more') -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do write_missing_cells(results) -%}
        {%- if results | selectattr('status', 'in', ['fail', 'error']) | list -%}
            {%- do print('') -%}
            {%- do print("dbt's count of errors below includes tables that this kept from being built: they are no further faults.") -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# Where missing cells stop the build, all of them as a file beside what dbt writes, so that they are mended in one round. #}
{% macro write_missing_cells(results) -%}
    {%- set found = results | selectattr('node.name', 'equalto', 'int_missing_cells') | selectattr('status', 'equalto', 'success')
        | map(attribute='node.relation_name') | list -%}
    {%- set stopped = results | selectattr('node.name', 'equalto', 'the_study_has_no_errors')
        | selectattr('status', 'equalto', 'fail') | list -%}
    {%- if found and stopped and target.type == 'duckdb' -%}
        {%- set rows = 'from ' ~ found[0] ~ ' where stops_the_build' -%}
        {%- set count = run_query('select count(*) ' ~ rows).rows[0][0] -%}
        {%- if count -%}
            {%- set path = file_of_missing_cells() -%}
            {%- do run_query(
                'copy (select series_code, entity_code, used_by, years, cells ' ~ rows ~ ' order by all) to '
                ~ quoted_text(path) ~ ' (header true)'
            ) -%}
            {%- do print('') -%}
            {%- do print('All missing cells, ' ~ count ~ ' row(s) of series, entity and years: ' ~ path) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# The one file that the engine writes beside its database. #}
{% macro file_of_missing_cells() -%}
    {{ return((invocation_args_dict.get('target_path') or 'target') ~ '/missing_cells.csv') }}
{%- endmacro %}
