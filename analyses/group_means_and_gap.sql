{#- How far apart are the groups (regions), and is the gap closing? -#}
with

group_means as (
    select
        scores.index_code,
        scores.year,
        entities.group_code,
        avg(scores.score) as mean_score
    from {{ ref('index_scores') }} as scores
    inner join {{ ref('entities') }} as entities on scores.entity_code = entities.entity_code
    group by scores.index_code, scores.year, entities.group_code
)

select
    index_code,
    year,
    group_code,
    mean_score,
    max(mean_score) over (partition by index_code, year)
    - min(mean_score) over (partition by index_code, year) as gap_between_groups
from group_means
order by index_code, year, mean_score desc
