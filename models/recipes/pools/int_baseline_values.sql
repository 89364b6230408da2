{#- The baseline's normalized values as the distances of TOPSIS see them, with its weight. -#}
with

final as (
    select
        pool_columns.index_code,
        pool_columns.indicator_key,
        pool_columns.indicator_code,
        pool_values.row_key,
        pool_values.below_best,
        pool_values.above_worst,
        weights.weight
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_weights') }} as weights on specs.weight_key = weights.weight_key
    inner join {{ ref('int_pool_columns') }} as pool_columns on weights.column_key = pool_columns.column_key
    inner join {{ ref('int_pool_values') }} as pool_values on weights.column_key = pool_values.column_key
    where specs.is_baseline
)

select * from final
