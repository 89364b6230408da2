{# Prints, after a run, the rows that made a test fail or warn: what is wrong, where, and how to mend it.
   dbt alone says only how many there were. Of a file read in place that the engine cannot read, it says which. #}
{% macro explain_failures(results) -%}
    {%- if execute -%}
        {%- for result in results if result.status == 'error' and 'missing column' not in result.message -%}
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
    {%- endif -%}
{%- endmacro %}
