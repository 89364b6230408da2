{{ config(materialized='ephemeral') }}
{#-
    C = sqrt(a) / (sqrt(a) + sqrt(b)),   a and b summed over all indicators but one
Baseline scores with each indicator left out in turn: the others keep their proportions of weight, which is all that a
score depends on. The draw is the number of the indicator left out.
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

distances as (
    select
        omissions.indicator_key as draw,
        baseline_values.row_key,
        sqrt({{ exact_sum('power(baseline_values.weight * baseline_values.above_worst, 2)') }}) as to_anti_ideal,
        sqrt({{ exact_sum('power(baseline_values.weight * baseline_values.below_best, 2)') }}) as to_ideal
    from omissions
    inner join baseline_values
        on
            omissions.index_code = baseline_values.index_code
            and omissions.indicator_key != baseline_values.indicator_key
    group by omissions.indicator_key, baseline_values.row_key
),

final as (
    select
        draw,
        row_key,
        to_anti_ideal / (to_anti_ideal + to_ideal) as score
    from distances
    where to_anti_ideal + to_ideal > 0
)

select * from final
