{# True where what stands for a year is a quarter, a month, a week or a day: 2019Q1, 2019-01, 201901, 2019-01-31, 20190131. #}
{% macro is_another_time(year, year_text) -%}
    coalesce(
        {{ year }} > 9999
        or (
            {{ year }} is null
            and length({{ year_text }}) > 5
            and translate(substr({{ year_text }}, 1, 4), '0123456789', '') = ''
            and translate(substr({{ year_text }}, 5, 1), '-/QqMmWwSsHh', '') = ''
        ),
        false
    )
{%- endmacro %}
