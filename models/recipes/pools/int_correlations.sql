{#-
Pearson correlation r_jk of two indicators over the rows of a pool, turned so that more is better in both. It is the same
under every normalization here, so it is taken from min-max values. A constant indicator has none.
-#}
with

cells as (
    select
        pool_columns.pool,
        pool_columns.pool_code,
        pool_columns.index_code,
        pool_columns.indicator_key,
        pool_columns.indicator_code,
        pool_columns.direction,
        pool_values.row_key,
        pool_values.normalized_value
    from {{ ref('int_pool_values') }} as pool_values
    inner join {{ ref('int_pool_columns') }} as pool_columns on pool_values.column_key = pool_columns.column_key
    where pool_columns.normalization = 'min_max' and pool_values.is_in_pool and not pool_columns.is_constant
),

final as (
    select
        cells.pool,
        cells.pool_code,
        cells.index_code,
        cells.indicator_key,
        others.indicator_key as other_indicator_key,
        cells.indicator_code,
        others.indicator_code as other_indicator_code,
        min(cells.direction) != min(others.direction) as are_opposed,
        case
            when cells.indicator_key = others.indicator_key then cast(1 as double)
            else corr(cells.normalized_value, others.normalized_value)
        end as correlation
    from cells
    inner join cells as others on cells.pool = others.pool and cells.row_key = others.row_key
    group by
        cells.pool,
        cells.pool_code,
        cells.index_code,
        cells.indicator_key,
        others.indicator_key,
        cells.indicator_code,
        others.indicator_code
)

select * from final
