{# What is wrong with the rows below the first line of a CSV file, one sentence, or nothing. A row with one cell more than the
   first line has names is refused: a comma inside a number makes two cells of it, and the engine passes over a blank cell at
   the end of a row. Read with a column too many, only such rows are right. DuckDB. #}
{% macro fault_in_rows(path, header) -%}
    {%- set columns = [] -%}
    {%- for place in range(header | length + 1) -%}
        {%- do columns.append("'c" ~ place ~ "': 'varchar'") -%}
    {%- endfor -%}
    {%- for row in run_query(
        'select * from read_csv(' ~ quoted_text(path) ~ ', header = true, auto_detect = false, delim = \',\', quote = \'"\', '
        ~ 'escape = \'"\', ignore_errors = true, columns = {' ~ columns | join(', ') ~ '}) limit 1'
    ).rows -%}
        {%- set cells = [] -%}
        {%- for cell in row.values() -%}
            {%- do cells.append(cell or '') -%}
        {%- endfor -%}
        {{ return(
            "the row '" ~ cells | join(',') ~ "' has a cell more than the first line has names. Write numbers without "
            ~ 'thousands separators, put text that holds a comma in double quotes, and end no row with a comma.'
        ) }}
    {%- endfor -%}
{%- endmacro %}
