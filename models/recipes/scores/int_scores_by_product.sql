{#-
    score = prod_j (z_j + shift)^w_j = exp(sum_j w_j ln(z_j + shift))
The geometric composite: a low value is made up for less and less. Values that are not positive are refused beforehand.
-#}
with

final as (
    select
        specs.spec_key,
        pool_values.row_key,
        exp({{ exact_sum(
            'weights.weight * ln(nullif(greatest(pool_values.normalized_value + specs.shift, 0), 0))'
        ) }}) as score
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_weights') }} as weights on specs.weight_key = weights.weight_key
    inner join {{ ref('int_pool_values') }} as pool_values on weights.column_key = pool_values.column_key
    where specs.is_valid and specs.aggregation = 'geometric'
    group by specs.spec_key, pool_values.row_key
)

select * from final
