{# Prints, after a run, the rows that made a test fail or warn: what is wrong, where, and how to mend it.
   dbt alone says only how many there were. #}
{% macro explain_failures(results) -%}
    {%- if execute -%}
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
