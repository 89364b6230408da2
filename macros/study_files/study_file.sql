{# Reads one file of a study with the columns a model needs: text trimmed, blank cells null, an optional column that the
   file leaves out null. A required column that is missing stops the build by name. A file that the study does not have
   is a file without rows: what stands in for it is said where its rows are read (models/staging). `variable` is the
   environment variable that may name another file, to be read in place of that in the folder. #}
{% macro study_file(file, required, optional=[], variable=none) -%}
    {%- set stand_in = source('study', file) -%}
    {%- set path = path_of_study_file(file, variable) if execute and not stand_in.is_cte else '' -%}
    {%- set found = columns_of_file(path) | map(attribute='name') | map('lower') | list if path else [] -%}
    {%- set missing = required | reject('in', found) | list if path else [] -%}
    {%- if missing -%}
        {{ exceptions.raise_compiler_error(
            path ~ ': missing column ' ~ missing | join(', ') ~ '. Required: ' ~ required | join(', ')
            ~ '; optional: ' ~ (optional | join(', ') or 'none') ~ '. Add the column to the first line of the file.'
        ) }}
    {%- endif -%}
    select
    {%- for column in required + optional %}
        {% if stand_in.is_cte or column in found %}{{ trimmed(column) }}{% else %}cast(null as string){% endif %} as {{ column }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    {% if stand_in.is_cte %}from {{ stand_in }}{% elif path %}from {{ external_file(path) }}{% else %}where 1 = 0{% endif %}
{%- endmacro %}

{# The path of a file of the study: what an environment variable names, or the file in the folder; blank when there is
   neither. #}
{% macro path_of_study_file(file, variable=none) -%}
    {%- set path = 'seeds/' ~ env_var('NQP_STUDY', 'nqp') ~ '/' ~ file ~ '.csv' -%}
    {%- if variable and env_var(variable, '') -%}
        {{- absolute_path(env_var(variable)) -}}
    {%- elif path in adapter.dispatch('files_in_folder')('seeds/' ~ env_var('NQP_STUDY', 'nqp')) -%}
        {{- path -}}
    {%- endif -%}
{%- endmacro %}

{# The files of a folder, by their paths with / in them. #}
{% macro duckdb__files_in_folder(folder) -%}
    {%- set rows = run_query("select replace(file, chr(92), '/') from glob('" ~ folder ~ "/*.csv')").rows -%}
    {{ return(rows | map(attribute=0) | list) }}
{%- endmacro %}

{% macro spark__files_in_folder(folder) -%}
    {%- set rows = run_query(
        "select '" ~ folder ~ "/' || element_at(split(path, '/'), -1) from binaryFile.`" ~ folder ~ "`"
    ).rows -%}
    {{ return(rows | map(attribute=0) | list) }}
{%- endmacro %}

{# A cell as text without blanks around it; a blank cell is null. #}
{% macro trimmed(column) -%}
    nullif(trim(cast({{ column }} as string)), '')
{%- endmacro %}
