{#-
    revision = the score with bounds and weights estimated from this study's figures, less the score that is used
Estimated anew means the baseline among the recipes, which never reads a ruler. Without a frozen ruler the two are the
same. A rank revision above 0 is a place lost. Only the classical baseline has a ruler.
-#}
-- depends_on: {{ ref('problems_in_specs') }}
with

held_values as (
    select
        cells.index_code,
        cells.entity_code,
        cells.year,
        cast(
            sum(case when cells.indicator_value between bounds.minimum and bounds.maximum then 0 else 1 end) as integer
        ) as values_beyond,
        max(cast(bounds.is_frozen as integer)) = 1 as is_frozen
    from {{ ref('int_normalized_values') }} as cells
    inner join {{ ref('int_indicator_bounds') }} as bounds on cells.indicator_key = bounds.indicator_key
    group by cells.index_code, cells.entity_code, cells.year
),

final as (
    select
        scores.index_code,
        scores.entity_code,
        scores.year,
        held_values.is_frozen,
        held_values.values_beyond,
        scores.score,
        baseline.score as reestimated_score,
        baseline.score - scores.score as score_revision,
        scores.rank,
        baseline.rank as reestimated_rank,
        baseline.rank - scores.rank as rank_revision
    from {{ ref('int_index_scores') }} as scores
    inner join held_values
        on
            scores.index_code = held_values.index_code
            and scores.entity_code = held_values.entity_code
            and scores.year = held_values.year
    inner join {{ ref('int_baseline_ranks') }} as baseline
        on
            scores.index_code = baseline.index_code
            and scores.entity_code = baseline.entity_code
            and scores.year = baseline.year
    inner join {{ ref('stg_specs') }} as specs on scores.spec_code = specs.spec_code
    where specs.is_classical
)

select * from final
