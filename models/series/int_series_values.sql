{#- Every value there is of every series: observed, imputed, derived in one or two steps. -#}
with

final as (
    select * from {{ ref('int_series_known') }}
    union all
    select * from {{ ref('int_series_derived_second') }}
)

select * from final
