{# Squares the symmetric matrices in power_0 again and again, each divided by its trace:
       power_1 = power_0^2 / trace, power_2 = power_1^2 / trace, ...
   The trace of A^2 is the sum of the squared elements of A. #}
{% macro squared_matrices(times) -%}
    {%- for step in range(1, times + 1) %}
power_{{ step }} as (
    select
        left_power.matrix_key,
        left_power.indicator_key,
        right_power.other_indicator_key,
        sum(left_power.element * right_power.element) / min(traces.trace) as element
    from power_{{ step - 1 }} as left_power
    inner join power_{{ step - 1 }} as right_power
        on
            left_power.matrix_key = right_power.matrix_key
            and left_power.other_indicator_key = right_power.indicator_key
    inner join (
        select
            matrix_key,
            sum(element * element) as trace
        from power_{{ step - 1 }}
        group by matrix_key
    ) as traces
        on left_power.matrix_key = traces.matrix_key
    group by left_power.matrix_key, left_power.indicator_key, right_power.other_indicator_key
)
    {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
