{# A file that the engine reads where it lies. #}

{# The path that an environment variable names, blank when it is not set or a unit test stands in for the file. #}
{% macro external_path(file, variable) -%}
    {{- absolute_path(env_var(variable, '')) if not file.is_cte else '' -}}
{%- endmacro %}

{# Where the rows of a file of the study stand: in its folder, or in the file that is read in its place. #}
{% macro name_of_file(file) -%}
    case {{ file }}
        {%- for name, variable in [('raw_observations', 'NQP_OBSERVATIONS'), ('def_entities', 'NQP_ENTITIES')] %}
        when '{{ name }}' then {{ quoted_text(env_var(variable, '') or study_folder() ~ '/' ~ name ~ '.csv') }}
        {%- endfor %}
        else {{ quoted_text(study_folder() ~ '/') }} || {{ file }} || '.csv'
    end
{%- endmacro %}

{# What a query selects from, to read the file or all files that the pattern fits. #}
{% macro external_file(path) -%}
    {{- adapter.dispatch('external_file')(path) -}}
{%- endmacro %}

{# CSV is read as text: no leading zero is lost, and our own checks name a cell that is not a number. Columns of several
   files are the same by their name, and a number is as wide as its widest file needs. #}
{% macro duckdb__external_file(path) -%}
    {%- set together = ', union_by_name = true' if is_pattern(path) else '' -%}
    {%- if is_parquet(path) -%}
        read_parquet({{ quoted_text(path) }}{{ together }})
    {%- else -%}
        read_csv({{ quoted_text(path) }}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"'{{ together }})
    {%- endif -%}
{%- endmacro %}

{# Spark has options for CSV in a view only. #}
{% macro spark__external_file(path) -%}
    {%- if path.endswith('.csv') -%}
        {%- set name = 'csv_' ~ local_md5(path) -%}
        {%- do run_query(
            'create or replace temporary view ' ~ name ~ ' using csv options (path ' ~ quoted_text(path) ~ ", header 'true', "
            ~ "inferSchema 'false', multiLine 'true', quote '\"', escape '\"', enforceSchema 'false')"
        ) -%}
        {{- name -}}
    {%- else -%}
        parquet.{{ quoted_name(path) }}
    {%- endif -%}
{%- endmacro %}

{% macro is_parquet(path) -%}
    {{ return(path.lower().endswith('.parquet')) }}
{%- endmacro %}

{% macro is_pattern(path) -%}
    {{ return(modules.re.search('[*?[]', path) is not none) }}
{%- endmacro %}

{# The columns of a file as a list of name, is_number. #}
{% macro columns_of_file(path) -%}
    {%- set columns = [] -%}
    {%- for row in run_query('describe select * from ' ~ external_file(path)).rows -%}
        {%- do columns.append({
            'name': row[0],
            'is_number': modules.re.match('u?(tiny|small|big|huge)?int(eger)?$|real|float|double|decimal', row[1] | lower)
                is not none,
        }) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
