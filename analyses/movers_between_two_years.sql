{#- Who rose and who fell?  dbt show --select movers_between_two_years --vars '{from_year: 2012, to_year: 2022}' -#}
with

asked as (
    select
        {{ asked_year('from_year', 'min(year)') }} as from_year,
        {{ asked_year('to_year', 'max(year)') }} as to_year
    from {{ ref('index_scores') }}
)

select
    later.index_code,
    entities.name_zh,
    entities.name_en,
    earlier.rank as rank_before,
    later.rank as rank_after,
    earlier.rank - later.rank as places_gained,
    later.score - earlier.score as score_change,
    asked.from_year,
    asked.to_year
from asked
inner join {{ ref('index_scores') }} as earlier on asked.from_year = earlier.year
inner join {{ ref('index_scores') }} as later
    on
        asked.to_year = later.year
        and earlier.index_code = later.index_code
        and earlier.entity_code = later.entity_code
inner join {{ ref('entities') }} as entities on later.entity_code = entities.entity_code
order by later.index_code, places_gained desc, later.entity_code
