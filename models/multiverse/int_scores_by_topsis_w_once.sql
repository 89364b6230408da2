{{ config(materialized='ephemeral') }}
{#-
    D+ = sqrt(sum_j w_j (best_j - z_j)^2),   D- = sqrt(sum_j w_j (z_j - worst_j)^2),   C = D- / (D+ + D-)
TOPSIS with weighted Euclidean distances: the weight stands once, inside the root (Deng, Yeh and Willis 2000).
The ideal is the best weighted value of every indicator, the anti-ideal the worst: over all years, or year by year.
-#}
with

gaps as (
    select
        specs.spec_key,
        pool_values.row_key,
        weights.weight,
        case specs.ideal when 'pooled' then pool_values.below_best else pool_values.below_best_of_year end
            as below_best,
        case specs.ideal when 'pooled' then pool_values.above_worst else pool_values.above_worst_of_year end
            as above_worst
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_weights') }} as weights on specs.weight_key = weights.weight_key
    inner join {{ ref('int_pool_values') }} as pool_values on weights.column_key = pool_values.column_key
    where specs.is_valid and specs.aggregation = 'topsis_w_once'
),

distances as (
    select
        spec_key,
        row_key,
        sqrt(sum(weight * below_best * below_best)) as to_ideal,
        sqrt(sum(weight * above_worst * above_worst)) as to_anti_ideal
    from gaps
    group by spec_key, row_key
),

final as (
    select
        spec_key,
        row_key,
        to_anti_ideal / nullif(to_anti_ideal + to_ideal, 0) as score
    from distances
)

select * from final
