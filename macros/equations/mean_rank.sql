{# The place of a value among the rows of its keys, 1 for the highest; equal values share the mean of their places. #}
{% macro mean_rank(value, keys) -%}
    cast(rank() over (partition by {{ keys | join(', ') }} order by {{ value }} desc) as double)
    + cast(count(*) over (partition by {{ keys | join(', ') }}, {{ value }}) - 1 as double) / 2
{%- endmacro %}
