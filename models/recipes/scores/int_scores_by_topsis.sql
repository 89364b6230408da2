{#-
TOPSIS: C = D- / (D+ + D-), from the distances to the best and the worst value of every indicator, the ideal and the
anti-ideal, over all years or year by year:
    topsis          D+ = sqrt(sum_j (w_j (best_j - z_j))^2),   D- = sqrt(sum_j (w_j (z_j - worst_j))^2)
    topsis_w_once   D+ = sqrt(sum_j w_j (best_j - z_j)^2),     D- = sqrt(sum_j w_j (z_j - worst_j)^2)
On the weighted matrix w z the distances carry squared weights (Hwang and Yoon 1981); in weighted Euclidean distances the
weight stands once, inside the root (Deng, Yeh and Willis 2000).
-#}
with

gaps as (
    select
        specs.spec_key,
        pool_values.row_key,
        weights.weight,
        case specs.aggregation when 'topsis' then weights.weight else 1 end as weight_again,
        case specs.ideal when 'pooled' then pool_values.below_best else pool_values.below_best_of_year end
            as below_best,
        case specs.ideal when 'pooled' then pool_values.above_worst else pool_values.above_worst_of_year end
            as above_worst
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_weights') }} as weights on specs.weight_key = weights.weight_key
    inner join {{ ref('int_pool_values') }} as pool_values on weights.column_key = pool_values.column_key
    where specs.is_valid and specs.aggregation in ('topsis', 'topsis_w_once')
),

distances as (
    select
        spec_key,
        row_key,
        sqrt({{ exact_sum('weight * below_best * weight_again * below_best') }}) as to_ideal,
        sqrt({{ exact_sum('weight * above_worst * weight_again * above_worst') }}) as to_anti_ideal
    from gaps
    group by spec_key, row_key
),

final as (
    select
        spec_key,
        row_key,
        {{ closeness('to_anti_ideal', 'to_ideal') }} as score
    from distances
)

select * from final
