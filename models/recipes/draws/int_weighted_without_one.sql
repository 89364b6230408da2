{#-
What the baseline's distances are made of, with each indicator left out in turn: the others keep their proportions of weight,
which is all that a score depends on. The draw is the number of the indicator left out.
-#}
with

baseline_values as (
    select * from {{ ref('int_baseline_values') }}
),

omissions as (
    select distinct
        index_code,
        indicator_key
    from baseline_values
),

final as (
    select
        omissions.indicator_key as draw,
        baseline_values.row_key,
        baseline_values.weight * baseline_values.above_worst as weighted_value,
        baseline_values.weight * baseline_values.below_best as weighted_shortfall
    from omissions
    inner join baseline_values
        on
            omissions.index_code = baseline_values.index_code
            and omissions.indicator_key != baseline_values.indicator_key
)

select * from final
