{# Stops with the name of the variable when it does not name a file that can be read, or files that do not fit together. #}
{% macro check_external_file(variable) -%}
    {%- set path = env_var(variable, '') -%}
    {%- if path -%}
        {%- set fault = fault_in_name(path) | trim -%}
        {%- if not fault -%}
            {%- set fault = adapter.dispatch('fault_in_external_file')(absolute_path(path)) | trim -%}
        {%- endif -%}
        {%- if fault -%}
            {{ exceptions.raise_compiler_error(variable ~ ' is ' ~ path ~ ': ' ~ fault) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro fault_in_name(path) -%}
    {%- if modules.re.match('[A-Za-z][A-Za-z0-9+.-]+://', path) -%}
        nothing is read over a network. Download the file and name it here.
    {%- elif not modules.re.search('[.](csv|csv[.]gz|parquet)$', path, modules.re.IGNORECASE) -%}
        name a .parquet, .csv or .csv.gz file, or a pattern such as panel/*.parquet. Save an Excel sheet as CSV.
    {%- elif target.type == 'spark' and not is_parquet(path) -%}
        Spark reads Parquet in place, whose columns have types. Name a .parquet file or folder.
    {%- endif -%}
{%- endmacro %}

{% macro default__fault_in_external_file(path) -%}
{%- endmacro %}

{% macro duckdb__fault_in_external_file(path) -%}
    {%- set files = run_query('select file from glob(' ~ quoted_text(path) ~ ') order by file').columns[0].values() -%}
    {%- if not files -%}
        {{ return('there is no such file. A path counts from the folder of the project.') }}
    {%- endif -%}
    {%- if path.lower().endswith('.gz') -%}
        {{ return(fault_in_csv(files)) }}
    {%- endif -%}
    {# the bytes of large files are not looked at here: the engine says what it cannot read #}
    {%- set small = run_query(
        'select filename from read_blob(' ~ quoted_text(path) ~ ') where size between 0 and ' ~ most_bytes() ~ ' order by filename'
    ).columns[0].values() -%}
    {%- if small -%}
        {%- set names = [] -%}
        {%- for file in small -%}
            {%- do names.append(quoted_text(file)) -%}
        {%- endfor -%}
        {%- set fault = "size < 12 or content[1:4] != 'PAR1'::blob or content[-4:] != 'PAR1'::blob"
            if is_parquet(path) else 'try(decode(content)) is null or contains(decode(content), chr(0))' -%}
        {%- for row in run_query(
            'select filename from read_blob([' ~ names | join(', ') ~ ']) where ' ~ fault ~ ' order by filename limit 1'
        ).rows -%}
            {{ return(row[0] ~ ' cannot be read: ' ~ (
                'it is no Parquet file, or a part of one. Write it anew.' if is_parquet(path)
                else 'it is not UTF-8 text. Save it as CSV UTF-8.'
            )) }}
        {%- endfor -%}
    {%- endif -%}
    {{ return(fault_in_types(path) if is_parquet(path) else fault_in_csv(files)) }}
{%- endmacro %}

{% macro fault_in_csv(files) -%}
    {%- for file in files -%}
        {%- set names = header_of_file(file) -%}
        {%- set fault = fault_in_header(names) | trim if names else 'the file is empty.' -%}
        {%- set fault = fault or fault_in_rows(file, names) | trim -%}
        {%- if fault -%}
            {{ return(file ~ ': ' ~ fault) }}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{# Numbers and text under one name do not fit together, nor does a column that is neither; two columns of one file may not
   have one name; a whole number beyond 2^53 that no double holds would be rounded in silence. #}
{% macro fault_in_types(path) -%}
    {%- set columns = "
        with elements as (
            select
                file_name, name,
                case
                    when logical_type like '%StringType%' or converted_type in ('UTF8', 'ENUM', 'JSON') then 'text'
                    when num_children is null and repetition_type is distinct from 'REPEATED'
                        and type in ('INT32', 'INT64', 'FLOAT', 'DOUBLE')
                        and coalesce(logical_type, '') not like '%Date%' and coalesce(logical_type, '') not like '%Time%'
                        and coalesce(converted_type, '') not like 'DATE%' and coalesce(converted_type, '') not like 'TIME%'
                        then 'numbers'
                    when converted_type = 'DECIMAL' then 'numbers'
                    else 'neither numbers nor text'
                end as kind
            from parquet_schema(" ~ quoted_text(path) ~ ")
            where coalesce(num_children, 0) = 0
        )" -%}
    {%- for row in run_query(columns ~ '
        select name, min(kind), max(kind), min_by(file_name, kind || file_name), max_by(file_name, kind || file_name)
        from elements group by lower(name), name having count(distinct kind) > 1 or max(kind) like \'neither%\' or min(kind) like \'neither%\'
        order by name limit 1').rows -%}
        {%- if row[1] == row[2] -%}
            {{ return("the column '" ~ row[0] ~ "' of " ~ row[3] ~ ' holds neither numbers nor text. Write it as one of them or leave it out.') }}
        {%- endif -%}
        {{ return("the column '" ~ row[0] ~ "' holds " ~ row[1] ~ ' in ' ~ row[3] ~ ' and ' ~ row[2] ~ ' in ' ~ row[4]
            ~ '. Write it as one of them in every file.') }}
    {%- endfor -%}
    {%- for row in run_query(columns ~ ' select file_name, min(name) from elements group by file_name, lower(name) having count(*) > 1 limit 1').rows -%}
        {{ return("the column '" ~ row[1] ~ "' stands twice in " ~ row[0] ~ '. Rename or leave out one of them.') }}
    {%- endfor -%}
    {%- for row in run_query('describe select * from ' ~ external_file(path)).rows
        if modules.re.match('u?(big|huge)int|decimal', row[1] | lower) -%}
        {%- set column = quoted_name(row[0]) -%}
        {%- for found in run_query(
            'select ' ~ column ~ ' from ' ~ external_file(path) ~ ' where abs(' ~ column ~ ') > 9007199254740992 and cast(cast('
            ~ column ~ ' as double) as hugeint) != ' ~ column ~ ' limit 1'
        ).rows -%}
            {{ return("the column '" ~ row[0] ~ "' holds " ~ found[0] ~ ', which a double-precision number would round. '
                ~ 'Write it in a larger unit.') }}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}
