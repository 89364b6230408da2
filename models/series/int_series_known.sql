{#- Observed, imputed and first-step derived series: all that a second step may use. -#}
with

final as (
    select * from {{ ref('int_series_observed') }}
    union all
    select * from {{ ref('int_series_derived_first') }}
)

select * from final
