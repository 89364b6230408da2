with

final as (
    select
        index_code,
        design_code,
        quantity,
        choice,
        first_order,
        total
    from {{ ref('int_variance_shares') }}
)

select * from final
