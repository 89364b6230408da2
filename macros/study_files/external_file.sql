{# A file that the engine reads where it lies. #}

{# The path that an environment variable names, blank when it is not set or a unit test stands in for the file. #}
{% macro external_path(file, variable) -%}
    {{- absolute_path(env_var(variable, '')) if not file.is_cte else '' -}}
{%- endmacro %}

{# A path counts from the folder of the project, so that a view on the file serves from every folder. #}
{% macro absolute_path(path) -%}
    {{- path if not path or modules.re.match('/|[A-Za-z]:|[a-z0-9]+://', path) else invocation_args_dict['project_dir'] ~ '/' ~ path -}}
{%- endmacro %}

{# Where the rows of a file of the study stand: in its folder, or in the file that is read in its place. #}
{% macro name_of_file(file) -%}
    {%- set folder = 'seeds/' ~ env_var('NQP_STUDY', 'nqp') ~ '/' -%}
    case {{ file }}
        {%- for name, variable in [('raw_observations', 'NQP_OBSERVATIONS'), ('def_entities', 'NQP_ENTITIES')] %}
        when '{{ name }}' then '{{ (env_var(variable, '') or folder ~ name ~ '.csv') | replace("'", "''") }}'
        {%- endfor %}
        else '{{ folder }}' || {{ file }} || '.csv'
    end
{%- endmacro %}

{# What a query selects from, to read the file or all files that the pattern fits. #}
{% macro external_file(path) -%}
    {{- adapter.dispatch('external_file')(path) -}}
{%- endmacro %}

{# CSV is read as text: no leading zero is lost, and our own checks name a cell that is not a number. #}
{% macro duckdb__external_file(path) -%}
    {%- if path.endswith('.parquet') -%}
        read_parquet('{{ path | replace("'", "''") }}')
    {%- else -%}
        read_csv('{{ path | replace("'", "''") }}', all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')
    {%- endif -%}
{%- endmacro %}

{# Spark has options for CSV in a view only. #}
{% macro spark__external_file(path) -%}
    {%- if path.endswith('.csv') -%}
        {%- set name = 'csv_' ~ local_md5(path) -%}
        {%- do run_query(
            'create or replace temporary view ' ~ name ~ " using csv options (path '" ~ path ~ "', header 'true', "
            ~ "inferSchema 'false', multiLine 'true', quote '\"', escape '\"', enforceSchema 'false')"
        ) -%}
        {{- name -}}
    {%- else -%}
        parquet.`{{ path }}`
    {%- endif -%}
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

{# Stops with the name of the variable when it does not name a file that can be read. #}
{% macro check_external_file(variable) -%}
    {%- set path = env_var(variable, '') -%}
    {%- if path and not modules.re.search('[.](csv|csv[.]gz|parquet)$', path) -%}
        {{ exceptions.raise_compiler_error(
            variable ~ ' is ' ~ path ~ ': name a .parquet, .csv or .csv.gz file, or a pattern such as panel/*.parquet. '
            ~ 'Save an Excel sheet as CSV.'
        ) }}
    {%- endif -%}
    {%- if path and target.type == 'spark' and not path.endswith('.parquet') -%}
        {{ exceptions.raise_compiler_error(
            variable ~ ' is ' ~ path ~ ': Spark reads Parquet in place, whose columns have types. Name a .parquet file or folder.'
        ) }}
    {%- endif -%}
    {%- if path and target.type == 'duckdb'
        and not run_query("select 1 from glob('" ~ absolute_path(path) | replace("'", "''") ~ "') limit 1").rows -%}
        {{ exceptions.raise_compiler_error(
            variable ~ ' is ' ~ path ~ ': there is no such file. A path counts from the folder of the project.'
        ) }}
    {%- endif -%}
{%- endmacro %}
