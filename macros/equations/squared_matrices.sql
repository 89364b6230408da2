{# What a query selects from: the symmetric matrices of a step squared again and again, each divided by its trace:
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

{# Spark writes a step that is read three times three times into its plan, so a chain of twelve has half a million copies
   of the first: here each matrix is an array of rows and is squared in one expression. #}
{% macro spark__squared_matrices(matrices, times) -%}
(
with matrix_rows as (
    select
        matrix_key,
        indicator_key,
        transform(array_sort(collect_list(struct(other_indicator_key, element))), cell -> cell.element) as elements
    from {{ matrices }}
    group by matrix_key, indicator_key
),

whole_matrices as (
    select
        matrix_key,
        array_sort(collect_list(struct(indicator_key, elements))) as rows
    from matrix_rows
    group by matrix_key
),

squared_often as (
    select
        matrix_key,
        transform(rows, row -> row.indicator_key) as indicator_keys,
        aggregate(
            sequence(1, {{ times }}),
            transform(rows, row -> row.elements),
            (power, step) -> transform(
                power,
                left_row -> transform(
                    power,
                    right_row -> aggregate(
                        zip_with(left_row, right_row, (x, y) -> x * y), cast(0 as double), (total, x) -> total + x
                    ) / aggregate(flatten(power), cast(0 as double), (total, x) -> total + x * x)
                )
            )
        ) as power
    from whole_matrices
),

power_rows as (
    select matrix_key, indicator_keys, indicator_keys[place] as indicator_key, elements
    from squared_often
    lateral view posexplode(power) as place, elements
),

cells as (
    select matrix_key, indicator_key, indicator_keys[place] as other_indicator_key, element
    from power_rows
    lateral view posexplode(elements) as place, element
)

select * from cells
) as powers
{%- endmacro %}
