{# Whether the observations are a wide file whose columns are all numbers, not what stands in for them in a unit test. #}
{% macro is_wide_file_of_numbers(observations) -%}
    {%- set path = external_path(observations, 'NQP_OBSERVATIONS') -%}
    {%- set columns = columns_of_file(path) if execute and path else [] -%}
    {{ return(
        'series_code' not in columns | map(attribute='name')
        and columns | rejectattr('is_number') | map(attribute='name') | list == ['entity_code']
    ) }}
{%- endmacro %}
