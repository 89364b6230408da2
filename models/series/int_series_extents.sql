{{ config(materialized='table') }}
{#- How much is observed of each series and from when to when, from one scan: nobody else need count cells. -#}
with

final as (
    select
        series_code,
        count(*) as cells,
        count(case when year is not null then observed_value end) as figures,
        min(case when observed_value is not null then year end) as first_year,
        max(case when observed_value is not null then year end) as last_year
    from {{ ref('stg_observations') }}
    group by series_code
)

select * from final
