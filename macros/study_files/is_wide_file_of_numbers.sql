{# Whether the observations are a wide file whose series are all numbers, not what stands in for them in a unit test. #}
{% macro is_wide_file_of_numbers(observations) -%}
    {%- set path = external_path(observations, 'NQP_OBSERVATIONS') -%}
    {%- if not (execute and path) -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set columns = columns_of_file(path) -%}
    {%- set read = series_of_file(columns).read -%}
    {{ return(
        'series_code' not in columns | map(attribute='name') and read | length > 0
        and columns | rejectattr('is_number') | selectattr('name', 'in', read + ['entity_code', 'year']) | map(attribute='name') | list
        == ['entity_code']
        and not left_out_entities()
    ) }}
{%- endmacro %}
