{#-
TOPSIS: C = D- / (D+ + D-), from the distances to the best and the worst value of every indicator, the ideal and the
anti-ideal, over all years or year by year:
    topsis          D+ = sqrt(sum_j (w_j (best_j - z_j))^2),   D- = sqrt(sum_j (w_j (z_j - worst_j))^2)
    topsis_w_once   D+ = sqrt(sum_j w_j (best_j - z_j)^2),     D- = sqrt(sum_j w_j (z_j - worst_j)^2)
On the weighted matrix w z the distances carry squared weights (Hwang and Yoon 1981); in weighted Euclidean distances the
weight stands once, inside the root (Deng, Yeh and Willis 2000). A weight below 0, which a mistake can give, turns best and
worst of the weighted matrix round.
-#}
with

gaps as (
    select
        scored.spec_key,
        scored.dimension_code,
        pool_values.row_key,
        scored.weight,
        case scored.aggregation when 'topsis' then scored.weight else 1 end as weight_again,
        scored.aggregation = 'topsis' and scored.weight < 0 as is_turned,
        case scored.ideal when 'pooled' then pool_values.below_best else pool_values.below_best_of_year end
            as below_best,
        case scored.ideal when 'pooled' then pool_values.above_worst else pool_values.above_worst_of_year end
            as above_worst
    from {{ ref('int_scored_sets') }} as scored
    inner join {{ ref('int_pool_values') }} as pool_values on scored.column_key = pool_values.column_key
    where scored.aggregation in ('topsis', 'topsis_w_once')
),

turned as (
    select
        spec_key,
        dimension_code,
        row_key,
        weight,
        weight_again,
        case when is_turned then above_worst else below_best end as below_best,
        case when is_turned then below_best else above_worst end as above_worst
    from gaps
),

distances as (
    select
        spec_key,
        dimension_code,
        row_key,
        sqrt({{ exact_sum('weight * below_best * weight_again * below_best') }}) as to_ideal,
        sqrt({{ exact_sum('weight * above_worst * weight_again * above_worst') }}) as to_anti_ideal
    from turned
    group by spec_key, dimension_code, row_key
),

final as (
    select
        spec_key,
        dimension_code,
        row_key,
        to_ideal,
        to_anti_ideal,
        {{ closeness('to_anti_ideal', 'to_ideal') }} as score
    from distances
)

select * from final
