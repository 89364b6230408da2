with

final as (
    select
        index_code,
        entity_code,
        year,
        is_frozen,
        values_beyond,
        score,
        reestimated_score,
        score_revision,
        rank,
        reestimated_rank,
        rank_revision
    from {{ ref('int_index_revisions') }}
)

select * from final
