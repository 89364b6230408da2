with

final as (
    {{ study_observations() }}
)

select * from final
