{# What a term is of the sum of its partition: weights that sum to 1. Null where the sum is 0. #}
{% macro share_of_sum(term, partition_by, order_by) -%}
    {{ term }} / nullif({{ sum_over(term, partition_by, order_by) }}, 0)
{%- endmacro %}
