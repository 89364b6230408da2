{# Reads one file of a study with the columns a model needs: text trimmed, blank cells null, an optional
   column that the file leaves out null. A required column that is missing stops the build by name. A unit test stands
   in for the file with every column. #}
{% macro study_file(file, required, optional=[]) -%}
    {%- set found = [] -%}
    {%- if execute and not file.is_cte -%}
        {%- for column in adapter.get_columns_in_relation(file) -%}
            {%- do found.append(column.name | lower) -%}
        {%- endfor -%}
        {%- set missing = required | reject('in', found) | list -%}
        {%- if missing -%}
            {{ exceptions.raise_compiler_error(
                'seeds/' ~ env_var('NQP_STUDY', 'nqp') ~ '/' ~ file.identifier ~ '.csv: missing column '
                ~ missing | join(', ') ~ '. Required: ' ~ required | join(', ')
                ~ '; optional: ' ~ (optional | join(', ') or 'none')
                ~ '. Add the column to the first line of the file.'
            ) }}
        {%- endif -%}
    {%- endif -%}
    select
    {%- for column in required + optional %}
        {%- if found and column not in found %}
        cast(null as string) as {{ column }}
        {%- else %}
        nullif(trim(cast({{ column }} as string)), '') as {{ column }}
        {%- endif -%}
        {{ ',' if not loop.last }}
    {%- endfor %}
    from {{ file }}
{%- endmacro %}
