{#- Each value beside the column that normalizes it: a year's own column under per_year, else the one of the pool. -#}
with

final as (
    select
        pool_columns.*,
        matrix.row_key,
        matrix.year,
        case pool_columns.pool when 'goalposts' then matrix.held_value else matrix.indicator_value end
            as indicator_value,
        pool_columns.pool != 'base_year' or matrix.is_base_year as is_in_pool
    from {{ ref('int_pool_columns') }} as pool_columns
    inner join {{ ref('int_matrix') }} as matrix
        on
            pool_columns.indicator_key = matrix.indicator_key
            and (pool_columns.pool != 'per_year' or pool_columns.pool_code = cast(matrix.year as string))
)

select * from final
