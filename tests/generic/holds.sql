{# Rows, or groups of rows, for which a claim does not hold. #}
{% test holds(model, claim, group_by=none) %}
select {{ group_by | join(', ') if group_by else '*' }}
from {{ model }}
{% if group_by %}group by {{ group_by | join(', ') }} having{% else %}where{% endif %}
    not coalesce({{ claim }}, false)
{% endtest %}
