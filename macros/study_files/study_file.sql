{# Reads one file of a study with the columns a model needs: text trimmed, blank cells null, an optional
   column that the file leaves out null. A required column that is missing stops the build by name. A unit test stands
   in for the file with every column. `variable` is the environment variable that may name another file, to be read in
   place of the seed. #}
{% macro study_file(seed, required, optional=[], variable=none) -%}
    {%- set path = external_path(seed, variable) if variable else '' -%}
    {%- set found = [] -%}
    {%- if execute and not seed.is_cte -%}
        {%- for column in (columns_of_file(path) if path else adapter.get_columns_in_relation(seed)) -%}
            {%- do found.append(column.name | lower) -%}
        {%- endfor -%}
        {%- set missing = required | reject('in', found) | list -%}
        {%- set file = path or study_folder() ~ '/' ~ seed.identifier ~ '.csv' -%}
        {%- if missing -%}
            {{ exceptions.raise_compiler_error(
                file ~ ': missing column '
                ~ missing | join(', ') ~ '. Required: ' ~ required | join(', ')
                ~ '; optional: ' ~ (optional | join(', ') or 'none')
                ~ '. Found: ' ~ found | join(', ') ~ '. Add the column to the first line of the file.'
            ) }}
        {%- endif -%}
        {%- if path -%}
            {%- set known = required + optional -%}
            {%- do further_columns(path, found | reject('in', known) | list, known | reject('in', found) | list, known) -%}
        {%- endif -%}
    {%- endif -%}
    select
    {%- for column in required + optional %}
        {% if found and column not in found %}cast(null as string){% else %}{{ trimmed(column) }}{% endif %} as {{ column }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    from {{ external_file(path) if path else seed }}
{%- endmacro %}

{# The path of a file in the folder of the study; blank when there is none. #}
{% macro path_of_study_file(file) -%}
    {%- set path = study_folder() ~ '/' ~ file ~ '.csv' -%}
    {{ return(path if path in adapter.dispatch('files_in_folder')(study_folder()) else '') }}
{%- endmacro %}

{# The files of a folder, by their paths with / in them. #}
{% macro duckdb__files_in_folder(folder) -%}
    {%- set rows = run_query("select replace(file, chr(92), '/') from glob(" ~ quoted_text(folder ~ '/*.csv') ~ ")").rows -%}
    {{ return(rows | map(attribute=0) | list) }}
{%- endmacro %}

{% macro spark__files_in_folder(folder) -%}
    {%- set rows = run_query(
        "select '" ~ folder ~ "/' || element_at(split(path, '/'), -1) from binaryFile.`" ~ folder ~ "`"
    ).rows -%}
    {{ return(rows | map(attribute=0) | list) }}
{%- endmacro %}

{# A cell as text without blanks or tabs around it (the site of the statistics bureau exports tabs); a blank cell is null.
   A tab inside a text becomes a blank. #}
{% macro trimmed(column) -%}
    nullif(trim(replace(cast({{ column }} as string), chr(9), ' ')), '')
{%- endmacro %}
