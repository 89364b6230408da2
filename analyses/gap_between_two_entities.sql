{#-
What sets two entities apart in the last year? Contributions sum to the difference of their scores. The probability is that of the first
being ahead of the second under other weights.
dbt show --select gap_between_two_entities --limit 50 --vars '{entity: "11", other_entity: "31"}'
-#}
with

asked as (
    select
        {{ asked_code('entity', 'min(entity_code)') }} as entity_code,
        {{ asked_code('other_entity', 'max(entity_code)') }} as other_entity_code
    from {{ ref('index_scores') }}
)

select
    gaps.index_code,
    indicators.dimension_name_en,
    indicators.name_zh,
    indicators.name_en,
    gaps.score_contribution,
    gaps.score_difference,
    pairs.probability as ahead_under_other_weights
from {{ ref('index_gaps') }} as gaps
inner join asked
    on gaps.entity_code = asked.entity_code and gaps.other_entity_code = asked.other_entity_code
inner join {{ ref('indicators') }} as indicators
    on gaps.index_code = indicators.index_code and gaps.indicator_code = indicators.indicator_code
left join {{ ref('pair_probabilities') }} as pairs
    on
        gaps.index_code = pairs.index_code
        and gaps.entity_code = pairs.entity_code
        and gaps.other_entity_code = pairs.other_entity_code
        and pairs.source = 'dirichlet'
order by gaps.index_code, gaps.score_contribution desc
