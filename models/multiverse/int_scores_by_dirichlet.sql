{{ config(materialized='ephemeral') }}
{#-
    C = sqrt(a) / (sqrt(a) + sqrt(b)),   a = sum_j (w_j (z_j - worst_j))^2,   b = sum_j (w_j (best_j - z_j))^2
Baseline scores under weights drawn around the baseline's.
-#}
with

weighted_values as (
    select
        weights.draw,
        baseline_values.row_key,
        weights.weight * baseline_values.above_worst as weighted_value,
        weights.weight * baseline_values.below_best as weighted_shortfall
    from {{ ref('int_dirichlet_weights') }} as weights
    inner join {{ ref('int_baseline_values') }} as baseline_values
        on weights.indicator_key = baseline_values.indicator_key
),

distances as (
    select
        draw,
        row_key,
        sqrt(sum(weighted_value * weighted_value)) as to_anti_ideal,
        sqrt(sum(weighted_shortfall * weighted_shortfall)) as to_ideal
    from weighted_values
    group by draw, row_key
),

final as (
    select
        draw,
        row_key,
        to_anti_ideal / nullif(to_anti_ideal + to_ideal, 0) as score
    from distances
)

select * from final
