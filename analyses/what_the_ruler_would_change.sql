{#-
What would estimating bounds and weights anew change in the last year? All zero where the build used no frozen ruler.
dbt show --select what_the_ruler_would_change --limit 50
-#}
with

last_years as (
    select
        index_code,
        max(year) as year
    from {{ ref('index_revisions') }}
    group by index_code
)

select
    revisions.index_code,
    entities.name_zh,
    entities.name_en,
    revisions.is_frozen,
    revisions.values_beyond,
    revisions.rank,
    revisions.reestimated_rank,
    revisions.score,
    revisions.score_revision
from {{ ref('index_revisions') }} as revisions
inner join last_years on revisions.index_code = last_years.index_code and revisions.year = last_years.year
inner join {{ ref('entities') }} as entities on revisions.entity_code = entities.entity_code
order by revisions.index_code, abs(revisions.score_revision) desc, revisions.rank
