{#- Who leads in a year?  dbt show --select ranking_of_a_year --limit 50 [--vars '{year: 2020, index: code}'] -#}
with

asked as (
    select
        {{ asked_code('index', 'min(index_code)') }} as index_code,
        {{ asked_year('year', 'max(year)') }} as year
    from {{ ref('indicator_values') }}
)

select
    scores.rank,
    entities.name_zh,
    entities.name_en,
    scores.score,
    scores.index_code,
    scores.year
from {{ ref('index_scores') }} as scores
inner join asked on scores.index_code = asked.index_code and scores.year = asked.year
inner join {{ ref('entities') }} as entities on scores.entity_code = entities.entity_code
order by scores.rank, scores.entity_code
