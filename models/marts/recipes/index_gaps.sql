with

final as (
    select
        index_code,
        year,
        entity_code,
        other_entity_code,
        indicator_code,
        dimension_code,
        logit_contribution,
        score_contribution,
        score_difference
    from {{ ref('int_entity_gaps') }}
)

select * from final
