{# A study file as a table of text: no leading zero is lost, no printed digit rounded, and a cell that is not a
   number is named by our own checks instead of a loader's message. dbt itself sees only the header lines in
   models/staging/headers: it would read a file before any check of ours and end with a traceback where it cannot. A file
   that a study does without has the columns of its header line and no row. #}
{% macro duckdb__create_csv_table(model, agate_table) -%}
    {%- set path = study_folder() ~ '/' ~ model.name ~ '.csv' if is_study_file(model) else model.original_file_path -%}
    {%- set header = header_of_file(path) -%}
    {%- set columns = [] -%}
    {%- for name in header or agate_table.column_names -%}
        {%- do columns.append(quoted_name(name | trim) ~ ' string') -%}
    {%- endfor -%}
    {# The dialect is stated, not guessed: comma, double quotes, quotes doubled inside quotes (RFC 4180). #}
    {%- set sql -%}
        create table {{ this.render() }} ({{ columns | join(', ') }});
        {%- if header %}
        copy {{ this.render() }} from {{ quoted_text(path) }}
        (format csv, header true, delimiter ',', quote '"', escape '"', auto_detect false);
        {%- endif -%}
    {%- endset -%}
    {%- call statement('_') -%}{{ sql }}{%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{# The rows came with the table. #}
{% macro duckdb__load_csv_rows(model, agate_table) -%}
    {{ return('') }}
{%- endmacro %}

{# Whether a seed stands for a file of the study: words that all studies share come from seeds/words. #}
{% macro is_study_file(seed) -%}
    {{ return(not seed.original_file_path.startswith('seeds/words/')) }}
{%- endmacro %}

{# Spark: the stock loader turns a blank cell into the text 'None' and does not escape quotes. Here the file is read
   once more with every column as text, each cell is written as a literal (JSON escapes as Spark reads) and a blank
   one is null. #}
{% macro spark__create_csv_table(model, agate_table) -%}
    {%- if not agate_table.column_names -%}
        {{ exceptions.raise_compiler_error(
            model.original_file_path ~ ': the file is empty. Write its header line; rows may be missing where none are needed.'
        ) }}
    {%- endif -%}
    {%- set sql = 'create table ' ~ this.render() ~ ' (' ~ agate_table.column_names | join(' string, ')
        ~ ' string) using parquet' -%}
    {%- call statement('_') -%}{{ sql }}{%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- for name in agate_table.column_names -%}
        {%- do config.model.config.column_types.update({name: 'string'}) -%}
    {%- endfor -%}
    {%- set rows = [] -%}
    {%- for row in load_agate_table().rows -%}
        {%- set cells = [] -%}
        {%- for cell in row -%}
            {%- do cells.append('null' if cell is none else tojson(cell)) -%}
        {%- endfor -%}
        {%- do rows.append('(' ~ cells | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- set statements = [] -%}
    {%- for part in rows | batch(get_batch_size()) -%}
        {%- do statements.append('insert into ' ~ this.render() ~ ' values ' ~ part | join(', ')) -%}
        {%- do adapter.add_query(statements[-1], abridge_sql_log=True) -%}
    {%- endfor -%}
    {{ return(statements[0]) }}
{%- endmacro %}
