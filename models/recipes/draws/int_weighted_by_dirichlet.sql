{#- What the baseline's distances are made of, under weights drawn around the baseline's. -#}
with

final as (
    select
        weights.draw,
        baseline_values.row_key,
        weights.weight * baseline_values.above_worst as weighted_value,
        weights.weight * baseline_values.below_best as weighted_shortfall
    from {{ ref('int_dirichlet_weights') }} as weights
    inner join {{ ref('int_baseline_values') }} as baseline_values
        on weights.indicator_key = baseline_values.indicator_key
)

select * from final
