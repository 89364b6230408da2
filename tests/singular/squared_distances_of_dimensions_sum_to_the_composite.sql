{{ config(tags=['every_cell']) }}
{# Each indicator is in the composite once: its squared distances are the sum of those of its dimensions. #}
with

dimension_sums as (
    select
        scores.spec_code,
        dimensions.index_code,
        scores.entity_code,
        scores.year,
        sum(power(scores.distance_to_ideal, 2)) as to_ideal,
        sum(power(scores.distance_to_anti_ideal, 2)) as to_anti_ideal
    from {{ ref('index_scores') }} as scores
    inner join {{ ref('stg_dimensions') }} as dimensions
        on scores.index_code = dimensions.index_code || '.' || dimensions.dimension_code
    group by scores.spec_code, dimensions.index_code, scores.entity_code, scores.year
)

select
    scores.index_code,
    scores.entity_code,
    scores.year
from {{ ref('index_scores') }} as scores
inner join dimension_sums
    on
        scores.spec_code = dimension_sums.spec_code
        and scores.index_code = dimension_sums.index_code
        and scores.entity_code = dimension_sums.entity_code
        and scores.year = dimension_sums.year
where
    abs(power(scores.distance_to_ideal, 2) - dimension_sums.to_ideal) > 1e-12
    or abs(power(scores.distance_to_anti_ideal, 2) - dimension_sums.to_anti_ideal) > 1e-12
