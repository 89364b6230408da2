-- depends_on: {{ ref('study_problems') }}
with

final as (
    select
        index_code,
        other_index_code,
        first_year,
        last_year,
        score_rows,
        correlation,
        rank_correlation,
        furthest_entity_code,
        furthest_rank,
        furthest_other_rank
    from {{ ref('int_index_agreements') }}
)

select * from final
