{# A study file as a table of text: no leading zero is lost, no printed digit rounded, and a cell that is not a
   number is named by our own checks instead of a loader's message. dbt itself sees only the header lines in
   models/staging/headers: it would read a file before any check of ours and end with a traceback where it cannot. A file
   that a study does without has the columns of its header line and no row. #}
{% macro duckdb_table_of_file(relation) -%}
    {%- set path = file_of_seed(model) -%}
    {%- set columns = [] -%}
    {%- for name in (header_of_file(path) if path else []) or load_agate_table().column_names -%}
        {%- do columns.append(quoted_name(name | trim) ~ ' string') -%}
    {%- endfor %}
        create table {{ relation }} ({{ columns | join(', ') }});
    {%- if path %}
        {# The dialect is stated, not guessed: comma, double quotes, quotes doubled inside quotes (RFC 4180). #}
        copy {{ relation }} from {{ quoted_text(path) }}
        (format csv, header true, delimiter ',', quote '"', escape '"', auto_detect false);
    {%- endif -%}
{%- endmacro %}

{# The path of the file that a seed stands for: words that all studies share come from seeds/words, the rest from the folder
   of the study; blank where the study does without the file. #}
{% macro file_of_seed(seed) -%}
    {{ return(path_of_study_file(seed.name) if is_study_file(seed) else seed.original_file_path) }}
{%- endmacro %}

{% macro is_study_file(seed) -%}
    {{ return(not seed.original_file_path.startswith('seeds/words/')) }}
{%- endmacro %}

{# Spark: the stock loader turns a blank cell into the text 'None' and does not escape quotes, so Spark reads the file. #}
{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set path = file_of_seed(model) -%}
    {%- set sql -%}
        create table {{ this.render() }} using parquet as
        {%- if path %}
        select * from {{ external_file(path) }}
        {%- else %}
        select
            {%- for name in agate_table.column_names %}
            cast(null as string) as {{ name }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        where 1 = 0
        {%- endif -%}
    {%- endset -%}
    {%- call statement('_') -%}{{ sql }}{%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {{ return('') }}
{%- endmacro %}
