{{ config(materialized='table', tags=['evidence']) }}
{#-
The sum of a series over the entities of a year beside the printed total:
    least_share * total - rounding <= sum <= total + rounding
A total that counts entities which the study leaves out says with least_share how much of it is to be found at least.
-#}
with

sums as (
    select
        series_code,
        year,
        sum(observed_value) as observed_sum,
        count(observed_value) as cells
    from {{ ref('stg_observations') }}
    where series_code in (select totals.series_code from {{ ref('stg_totals') }} as totals)
    group by series_code, year
),

final as (
    select
        totals.series_code,
        totals.year,
        totals.total,
        coalesce(sums.observed_sum, 0) as observed_sum,
        coalesce(sums.cells, 0) as cells,
        coalesce(
            sums.observed_sum <= totals.total + totals.rounding
            and sums.observed_sum >= totals.least_share * totals.total - totals.rounding,
            false
        ) as is_met,
        totals.note_zh,
        totals.note_en
    from {{ ref('stg_totals') }} as totals
    left join sums on totals.series_code = sums.series_code and totals.year = sums.year
)

select * from final
