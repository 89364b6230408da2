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

{{ topsis_scores('weighted_values', ['draw', 'row_key']) }}

select * from scores
