{#-
    score = sum_j w_j (z_j + shift)
The linear composite of the entropy method: indicators make up for each other at constant rates.
-#}
with

final as (
    select
        specs.spec_key,
        pool_values.row_key,
        {{ exact_sum('weights.weight * (pool_values.normalized_value + specs.shift)') }} as score
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_weights') }} as weights on specs.weight_key = weights.weight_key
    inner join {{ ref('int_pool_values') }} as pool_values on weights.column_key = pool_values.column_key
    where specs.is_valid and specs.aggregation = 'linear'
    group by specs.spec_key, pool_values.row_key
)

select * from final
