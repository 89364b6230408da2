{#-
    score = prod_j y_j^w_j = exp(sum_j w_j ln y_j),   y the rescaled and shifted z
The geometric composite: a low value is made up for less and less. Values that are not positive are refused beforehand.
-#}
with

final as (
    select
        scored.spec_key,
        scored.dimension_code,
        pool_values.row_key,
        exp({{ exact_sum(
            'scored.weight * ln(nullif(greatest(' ~ rescaled('pool_values.normalized_value', 'scored') ~ ', 0), 0))'
        ) }}) as score
    from {{ ref('int_scored_sets') }} as scored
    inner join {{ ref('int_pool_values') }} as pool_values on scored.column_key = pool_values.column_key
    where scored.aggregation = 'geometric'
    group by scored.spec_key, scored.dimension_code, pool_values.row_key
)

select * from final
