with

final as (
    select
        index_code,
        entity_code,
        year,
        indicator_code,
        reference,
        dimension_code,
        logit_contribution,
        score_contribution,
        score_difference
    from {{ ref('int_contributions') }}
)

select * from final
