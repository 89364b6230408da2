{# The names in the first line of a CSV file as they stand there, none where the file is absent or empty. DuckDB. #}
{% macro header_of_file(path) -%}
    {%- set names = [] -%}
    {%- if run_query('select 1 from glob(' ~ quoted_text(path) ~ ')').rows -%}
        {# one line is looked at, so that a faulty row below is no matter of the header #}
        {%- for row in run_query(
            'select * from read_csv(' ~ quoted_text(path) ~ ', header = false, all_varchar = true, delim = \',\', '
            ~ 'quote = \'"\', escape = \'"\', sample_size = 1, ignore_errors = true) limit 1'
        ).rows -%}
            {%- do names.extend(row.values()) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(names) }}
{%- endmacro %}

{# What is wrong with the first line of a file, one sentence, or nothing. #}
{% macro fault_in_header(names) -%}
    {%- set seen = [] -%}
    {%- for name in names -%}
        {%- if name is none or not name | trim -%}
            {{ return('column ' ~ loop.index ~ ' has no name in the first line. Name it or delete the column.') }}
        {%- endif -%}
        {%- if modules.re.search('[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]', name) -%}
            {{ return('the name of column ' ~ loop.index ~ ' holds a line break or another character that cannot be seen. Type the name anew.') }}
        {%- endif -%}
        {%- if name | trim | lower in seen -%}
            {{ return("the column '" ~ name | trim ~ "' stands twice in the first line. Rename or delete one of them.") }}
        {%- endif -%}
        {%- do seen.append(name | trim | lower) -%}
    {%- endfor -%}
    {%- if names | length == 1 and modules.re.search('[;\t|]', names[0]) -%}
        {{ return('the cells are not separated by commas. Save it as CSV with commas.') }}
    {%- endif -%}
{%- endmacro %}
