{#-
    revision = the score with bounds and weights estimated from this study's figures, less the score that is used
Estimated anew means the baseline of the multiverse, which never reads a ruler. Without a frozen ruler the two are the
same. A rank revision above 0 is a place lost.
-#}
with

held_values as (
    select
        indicator_values.index_code,
        indicator_values.entity_code,
        indicator_values.year,
        cast(
            sum(
                case
                    when indicator_values.indicator_value between weights.minimum and weights.maximum then 0 else 1
                end
            ) as integer
        ) as values_beyond,
        max(cast(weights.is_frozen as integer)) = 1 as is_frozen
    from {{ ref('indicator_values') }} as indicator_values
    inner join {{ ref('indicator_weights') }} as weights
        on
            indicator_values.index_code = weights.index_code
            and indicator_values.indicator_code = weights.indicator_code
    group by indicator_values.index_code, indicator_values.entity_code, indicator_values.year
),

final as (
    select
        scores.index_code,
        scores.entity_code,
        scores.year,
        held_values.is_frozen,
        held_values.values_beyond,
        scores.score,
        spec_scores.score as reestimated_score,
        spec_scores.score - scores.score as score_revision,
        scores.rank,
        spec_scores.rank as reestimated_rank,
        spec_scores.rank - scores.rank as rank_revision
    from {{ ref('index_scores') }} as scores
    inner join held_values
        on
            scores.index_code = held_values.index_code
            and scores.entity_code = held_values.entity_code
            and scores.year = held_values.year
    inner join {{ ref('spec_scores') }} as spec_scores
        on
            scores.spec_code = spec_scores.spec_code
            and scores.index_code = spec_scores.index_code
            and scores.entity_code = spec_scores.entity_code
            and scores.year = spec_scores.year
)

select * from final
