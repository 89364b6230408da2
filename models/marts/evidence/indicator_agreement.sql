-- depends_on: {{ ref('study_problems') }}
with

final as (
    select
        index_code,
        indicator_code,
        other_code,
        name_zh,
        name_en,
        is_better,
        first_year,
        last_year,
        cells,
        imputed_cells,
        correlation,
        rank_correlation,
        lowest_rank_correlation,
        highest_rank_correlation,
        furthest_entity_code,
        furthest_rank,
        furthest_other_rank,
        note_zh,
        note_en
    from {{ ref('int_agreements') }}
)

select * from final
