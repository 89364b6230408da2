{#-
    score = sum_j w_j y_j,   y the rescaled and shifted z
The linear composite of the entropy method: indicators make up for each other at constant rates.
-#}
with

final as (
    select
        scored.spec_key,
        scored.dimension_code,
        pool_values.row_key,
        {{ exact_sum('scored.weight * ' ~ rescaled('pool_values.normalized_value', 'scored')) }} as score
    from {{ ref('int_scored_sets') }} as scored
    inner join {{ ref('int_pool_values') }} as pool_values on scored.column_key = pool_values.column_key
    where scored.aggregation = 'linear'
    group by scored.spec_key, scored.dimension_code, pool_values.row_key
)

select * from final
