{# Sums that are the same to the last bit whatever memory there is and whatever else is running. An engine that groups many rows
   adds up what it holds when the memory is wanted elsewhere and adds the parts later, and a window deals its partitions out
   by the memory there is: plain sums of doubles then come in another order. #}

{# A sum of decimals, which do not mind the order, to 24 places. They do not hold sums of 1e14 and more: those are plain sums. #}
{% macro exact_sum(term) -%}
    case
        when sum(abs({{ term }})) < 1e13
            then cast(sum(cast(case when abs({{ term }}) < 1e13 then {{ term }} end as decimal(38, 24))) as double)
        else sum({{ term }})
    end
{%- endmacro %}

{% macro exact_mean(term) -%}
    ({{ exact_sum(term) }}) / count({{ term }})
{%- endmacro %}

{# The variance, divided by the number of terms. It loses digits only where it is far below the squared mean; a rest below 0 is 0. #}
{% macro exact_variance(term) -%}
    greatest(0, {{ exact_mean(term ~ ' * ' ~ term) }} - power({{ exact_mean(term) }}, 2))
{%- endmacro %}

{# The sum of a column over the rows of a partition, added in the order of a column without repetitions there. #}
{% macro sum_over(term, partition_by, order_by) -%}
    sum({{ term }}) over (
        partition by {{ partition_by | join(', ') }}
        order by {{ order_by }}
        rows between unbounded preceding and unbounded following
    )
{%- endmacro %}
