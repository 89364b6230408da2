{# What a query selects from: the symmetric matrices of a relation (matrix_key, indicator_key, other_indicator_key, element)
   squared again and again, each divided by its trace:
       power_1 = matrices^2 / trace, power_2 = power_1^2 / trace, ...
   The trace of A^2 is the sum of the squared elements of A. #}
{% macro squared_matrices(matrices, times) -%}
    {{ return(adapter.dispatch('squared_matrices')(matrices, times)) }}
{%- endmacro %}

{% macro default__squared_matrices(matrices, times) -%}
(
with
    {%- for step in range(1, times + 1) %}
    {%- set previous = 'power_' ~ (step - 1) if step > 1 else matrices %}
power_{{ step }} as (
    select
        left_power.matrix_key,
        left_power.indicator_key,
        right_power.other_indicator_key,
        sum(left_power.element * right_power.element) / min(traces.trace) as element
    from {{ previous }} as left_power
    inner join {{ previous }} as right_power
        on
            left_power.matrix_key = right_power.matrix_key
            and left_power.other_indicator_key = right_power.indicator_key
    inner join (
        select
            matrix_key,
            sum(element * element) as trace
        from {{ previous }}
        group by matrix_key
    ) as traces
        on left_power.matrix_key = traces.matrix_key
    group by left_power.matrix_key, left_power.indicator_key, right_power.other_indicator_key
)
    {{- ',' if not loop.last }}
    {%- endfor %}

select * from power_{{ times }}
) as powers
{%- endmacro %}
