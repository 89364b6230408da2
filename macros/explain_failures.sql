{# Prints, after a run, the rows that made a test fail or warn: what is wrong, where, and how to mend it.
   dbt alone says only how many there were. #}
{% macro explain_failures(results) -%}
    {%- if execute -%}
        {%- for result in results
            if result.node.resource_type == 'test' and result.status in ('fail', 'warn') and result.failures -%}
            {%- do log('', info=true) -%}
            {%- do log(result.status | upper ~ ' ' ~ result.node.name ~ ': ' ~ result.failures ~ ' row(s)', info=true) -%}
            {%- set rows = run_query('select * from (' ~ result.node.compiled_code ~ ') as failing limit 10') -%}
            {%- for row in rows.rows -%}
                {%- if 'message' in rows.column_names -%}
                    {%- do log('  ' ~ row['message'], info=true) -%}
                {%- else -%}
                    {%- set cells = [] -%}
                    {%- for name in rows.column_names -%}
                        {%- do cells.append(name ~ ' = ' ~ row[name]) -%}
                    {%- endfor -%}
                    {%- do log('  ' ~ cells | join(', '), info=true) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- if result.failures > 10 -%}
                {%- do log('  ... and ' ~ (result.failures - 10) ~ ' more', info=true) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
