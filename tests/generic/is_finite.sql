{# Rows with a number that is missing (unless it may be blank), infinite or not a number. NaN sorts above infinity, so one test
   finds both. #}
{% test is_finite(model, columns, may_be_blank=false) %}
select *
from {{ model }}
where
    {% for column in columns -%}
    {{ 'or ' if not loop.first }}{{ column ~ ' is null or ' if not may_be_blank }}not abs({{ column }}) < cast('infinity' as double)
    {% endfor %}
{% endtest %}
