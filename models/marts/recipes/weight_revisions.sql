with

final as (
    select
        index_code,
        indicator_code,
        is_frozen,
        minimum,
        reestimated_minimum,
        maximum,
        reestimated_maximum,
        weight,
        reestimated_weight,
        weight_revision
    from {{ ref('int_weight_revisions') }}
)

select * from final
