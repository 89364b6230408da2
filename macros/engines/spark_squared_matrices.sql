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
