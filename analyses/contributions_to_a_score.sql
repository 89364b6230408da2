{#-
What makes a score high or low, and what changed it since the year before? Contributions sum to the difference.
dbt show --select contributions_to_a_score --limit 50 --vars '{entity: "11", year: 2022}'
-#}
with

asked as (
    select
        {{ asked_code('entity', 'min(entity_code)') }} as entity_code,
        {{ asked_year('year', 'max(year)') }} as year
    from {{ ref('indicator_values') }}
)

select
    contributions.index_code,
    contributions.reference,
    indicators.dimension_name_en,
    indicators.name_zh,
    indicators.name_en,
    contributions.score_contribution,
    contributions.score_difference
from {{ ref('index_contributions') }} as contributions
inner join asked on contributions.entity_code = asked.entity_code and contributions.year = asked.year
inner join {{ ref('indicators') }} as indicators
    on
        contributions.index_code = indicators.index_code
        and contributions.indicator_code = indicators.indicator_code
order by contributions.index_code, contributions.reference, contributions.score_contribution desc
