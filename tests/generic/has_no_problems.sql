{# The problems of one severity, with the message that says what is wrong, where, and how to mend it. #}
{% test has_no_problems(model, problem_severity) %}
select message
from {{ model }}
where severity = '{{ problem_severity }}'
order by message
{% endtest %}
