{# Rows with a number that is missing, infinite or not a number. NaN sorts above infinity, so one test finds both. #}
{% test is_finite(model, columns) %}
select *
from {{ model }}
where
    {% for column in columns -%}
    {{ 'or ' if not loop.first }}{{ column }} is null or not abs({{ column }}) < cast('infinity' as double)
    {% endfor %}
{% endtest %}
