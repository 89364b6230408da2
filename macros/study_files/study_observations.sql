{# The observed cells of a study, from raw_observations.csv or from what NQP_OBSERVATIONS names, in one of two forms:
     long   entity_code, year, series_code, observed_value and, if it likes, note
     wide   entity_code, year and one column per series
   Numbers stay numbers: only text is parsed. #}
{% macro study_observations() -%}
    {%- set seed = ref('raw_observations') -%}
    {%- do ref('def_series') -%}
    {%- set path = external_path(seed, 'NQP_OBSERVATIONS') -%}
    {%- set keys = ['entity_code', 'year'] -%}
    {%- set cell = ['series_code', 'observed_value'] -%}
    {%- set numbers = [] -%}
    {%- set source -%}
        {%- if execute and path -%}
            {%- set columns = columns_of_file(path) -%}
            {%- set found = columns | map(attribute='name') | list -%}
            {%- set is_long = cell | select('in', found) | list | length > 0 -%}
            {%- set named = {} if is_long else series_of_file(columns) -%}
            {%- set series = columns | selectattr('name', 'in', named.read or []) | list -%}
            {%- set missing = (keys + cell if is_long else keys) | reject('in', found) | list -%}
            {%- if missing or found | length < 3 -%}
                {{ exceptions.raise_compiler_error(
                    'NQP_OBSERVATIONS is ' ~ path ~ ': missing column ' ~ (missing or ['of a series']) | join(', ')
                    ~ '. Found: ' ~ found | join(', ') ~ '. The long form has entity_code, year, series_code, '
                    ~ 'observed_value and perhaps note; the wide form has entity_code, year and one column per series.'
                ) }}
            {%- endif -%}
            {%- if is_long -%}
                {%- do further_columns(
                    path, found | reject('in', keys + cell + ['note']) | list, ['note'] | reject('in', found) | list,
                    keys + cell + ['note']
                ) -%}
            {%- else -%}
                {%- do further_columns(path, named.further, named.missing, ['entity_code', 'year', 'the series of def_series.csv']) -%}
                {%- if not series -%}
                    {{ exceptions.raise_compiler_error(
                        'NQP_OBSERVATIONS is ' ~ path ~ ': no column has the name of a series in def_series.csv. Found: '
                        ~ found | join(', ') ~ '.'
                    ) }}
                {%- endif -%}
            {%- endif -%}
            {%- do numbers.extend(columns | selectattr('is_number') | map(attribute='name')) -%}
            {%- if is_long -%}
                {{ cells_of_long_file(path, numbers, 'note' in found) }}
            {%- else -%}
                {%- do numbers.append('observed_value') if series | rejectattr('is_number') | list | length == 0 -%}
                {{ cells_of_wide_file(path, numbers, series | map(attribute='name') | list) }}
            {%- endif -%}
        {%- else -%}
            {{ study_file(seed, keys + cell, ['note']) }}
        {%- endif -%}
    {%- endset -%}
    {%- set year = whole_number('year', is_text='year' not in numbers) -%}
    {%- set observed_value = plain_number('observed_value', is_text='observed_value' not in numbers) -%}
    select
        entity_code,
        {{ text_unless(year, 'year', numbers) }} as year_text,
        {{ year }} as year,
        series_code,
        {{ text_unless(observed_value, 'observed_value', numbers) }} as observed_text,
        {{ observed_value }} as observed_value,
        note
    from (
        {{ source }}
    ) as cells
    {%- set left_out = left_out_entities() %}
    {% if left_out %}where entity_code is null or entity_code not in ({{ left_out }}){% endif %}
{%- endmacro %}

{# What stands in the file. Of a number only what is faulty becomes text: text of every number takes long. #}
{% macro text_unless(number, column, numbers) -%}
    {%- if column in numbers -%}
    case when {{ number }} is null then cast({{ column }} as string) end
    {%- else -%}
    {{ column }}
    {%- endif -%}
{%- endmacro %}

{% macro cells_of_long_file(path, numbers, has_note) -%}
    select
        {{ trimmed('entity_code') }} as entity_code,
        {{ 'year' if 'year' in numbers else trimmed('year') }} as year,
        {{ trimmed('series_code') }} as series_code,
        {{ 'observed_value' if 'observed_value' in numbers else trimmed('observed_value') }} as observed_value,
        {{ trimmed('note') if has_note else 'cast(null as string)' }} as note
    from {{ external_file(path) }}
{%- endmacro %}

{# A cell without a figure is no row. #}
{% macro cells_of_wide_file(path, numbers, series) -%}
    select
        entity_code,
        year,
        series_code,
        observed_value,
        cast(null as string) as note
    from (
        select
            {{ trimmed('entity_code') }} as entity_code,
            {{ 'year' if 'year' in numbers else trimmed('year') }} as year
            {%- for name in series %},
            {% set column = quoted_name(name) -%}
            {{ 'cast(' ~ column ~ ' as double)' if 'observed_value' in numbers else trimmed(column) }} as {{ column }}
            {%- endfor %}
        from {{ external_file(path) }}
    ) as wide_file
    unpivot (observed_value for series_code in ({% for name in series %}{{ quoted_name(name) }}{{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}
