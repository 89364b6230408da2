{#-
Which dimensions make a score high or low, and which hold it back? Contributions and obstacle degrees of the indicators add
up over their dimension.
dbt show --select contributions_of_dimensions --limit 20 --vars '{entity: "11", year: 2022}'
-#}
with

asked as (
    select
        {{ asked_code('entity', 'min(entity_code)') }} as entity_code,
        {{ asked_year('year', 'max(year)') }} as year
    from {{ ref('index_scores') }}
),

contributions as (
    select
        index_code,
        dimension_code,
        entity_code,
        year,
        sum(score_contribution) as score_contribution,
        max(score_difference) as score_difference
    from {{ ref('index_contributions') }}
    where reference = 'midpoint'
    group by index_code, dimension_code, entity_code, year
),

obstacles as (
    select
        index_code,
        dimension_code,
        entity_code,
        year,
        sum(obstacle_linear) as obstacle_linear,
        sum(obstacle_topsis) as obstacle_topsis
    from {{ ref('obstacle_degrees') }}
    group by index_code, dimension_code, entity_code, year
)

select
    contributions.index_code,
    contributions.dimension_code,
    contributions.score_contribution,
    contributions.score_difference,
    obstacles.obstacle_linear,
    obstacles.obstacle_topsis
from contributions
inner join asked on contributions.entity_code = asked.entity_code and contributions.year = asked.year
inner join obstacles
    on
        contributions.index_code = obstacles.index_code
        and contributions.dimension_code = obstacles.dimension_code
        and contributions.entity_code = obstacles.entity_code
        and contributions.year = obstacles.year
order by contributions.index_code, contributions.score_contribution desc
