with

final as (
    select
        spec_code,
        index_code,
        entity_code,
        year,
        distance_to_ideal,
        distance_to_anti_ideal,
        score,
        rank,
        is_imputed
    from {{ ref('int_index_scores') }}
)

select * from final
