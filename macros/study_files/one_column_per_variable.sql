{# The columns of the wide panel, one per row of `variables`: their names are data, known once it is built. #}
{% macro one_column_per_variable(variables) -%}
    {%- if execute -%}
        {%- set names = run_query('select variable_code, column_name from ' ~ variables ~ ' order by variable_code') -%}
        {%- for row in names.rows %}
        max(case when variable_code = {{ quoted_text(row["variable_code"]) }} then value end) as {{ quoted_name(row["column_name"]) }}
        {{- ',' if not loop.last }}
        {%- endfor -%}
    {%- else -%}
        max(value) as value
    {%- endif -%}
{%- endmacro %}
