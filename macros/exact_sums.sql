{# Sums that are the same to the last bit whatever memory there is and whatever else is running. An engine that groups many rows
   adds up what it holds when the memory is wanted elsewhere and adds the parts later, and a window deals its partitions out
   by the memory there is: plain sums of doubles then come in another order. #}

{# A sum of decimals, which do not mind the order: of terms below 1e14, to 24 places, where nothing else is said. #}
{% macro exact_sum(term, decimals=24) -%}
    cast(sum(cast({{ term }} as decimal(38, {{ decimals }}))) as double)
{%- endmacro %}

{% macro exact_mean(term, decimals=24) -%}
    {{ exact_sum(term, decimals) }} / count({{ term }})
{%- endmacro %}

{# The population variance. Terms that lie around 0 lose nothing; equal ones may leave a rest below 0, hence the least. #}
{% macro exact_variance(term, decimals=20) -%}
    greatest(0, {{ exact_mean(term ~ ' * ' ~ term, decimals) }} - power({{ exact_mean(term, decimals) }}, 2))
{%- endmacro %}

{# The sum of a column over the rows of a partition, added in an order of their own. #}
{% macro sum_over(term, partition_by, order_by) -%}
    sum({{ term }}) over (
        partition by {{ partition_by | join(', ') }}
        order by {{ order_by }}
        rows between unbounded preceding and unbounded following
    )
{%- endmacro %}
