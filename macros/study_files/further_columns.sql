{# What a file holds beyond the columns that are read: a name that resembles one that is missing is a fault, because a
   misspelt column would else be left out in silence; any other is named once and ignored. Gives the fault, or nothing. #}
{% macro fault_of_further_columns(file, further, missing, known) -%}
    {%- set ignored = [] -%}
    {%- for name in further -%}
        {%- set near = nearest_word(name, missing) | trim -%}
        {%- if near -%}
            {{ return("unknown column '" ~ name ~ "'. Rename it " ~ near ~ ', or give it another name if it is something else.') }}
        {%- endif -%}
        {%- do ignored.append("'" ~ name ~ "'") -%}
    {%- endfor -%}
    {%- if ignored -%}
        {%- do print(
            'Not read: ' ~ ignored[:20] | join(', ') ~ (' and ' ~ (ignored | length - 20) ~ ' more' if ignored | length > 20 else '')
            ~ ' of ' ~ file ~ ' (columns: ' ~ known | join(', ') ~ ').'
        ) -%}
    {%- endif -%}
{%- endmacro %}

{# The same for a file that is read in place: a fault stops the build. #}
{% macro further_columns(file, further, missing, known) -%}
    {%- set fault = fault_of_further_columns(file, further, missing, known) | trim -%}
    {%- if fault -%}
        {{ exceptions.raise_compiler_error(file ~ ': ' ~ fault) }}
    {%- endif -%}
{%- endmacro %}

{# What is in the columns of a wide file: series of the study that it has or lacks, and further columns. dbt has loaded
   def_series before (study_observations refers to it). #}
{% macro series_of_file(columns) -%}
    {%- set found = columns | map(attribute='name') | list -%}
    {%- set series = [] -%}
    {%- for row in run_query(
        'select distinct ' ~ trimmed('series_code') ~ ' as series_code from '
        ~ graph.nodes['seed.' ~ project_name ~ '.def_series'].relation_name ~ ' order by series_code'
    ).rows if row[0] is not none -%}
        {%- do series.append(row[0]) -%}
    {%- endfor -%}
    {%- if not series -%}  {# a study without def_series.csv: every column is a series #}
        {%- do series.extend(found | reject('in', ['entity_code', 'year'])) -%}
    {%- endif -%}
    {{ return({
        'read': found | select('in', series) | list,
        'further': found | reject('in', series + ['entity_code', 'year']) | list,
        'missing': series | reject('in', found) | list,
    }) }}
{%- endmacro %}
