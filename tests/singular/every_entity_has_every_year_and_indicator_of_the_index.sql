{# A balanced grid: as many rows as entities times years times indicators, in the composite and in each sub-index. #}
with

expected as (
    select
        index_code,
        (select count(*) from {{ ref('entities') }}) * (last_year - first_year + 1) as entity_years
    from {{ ref('stg_indices') }}
),

values_found as (
    select
        index_code,
        indicator_code as code,
        entity_years
    from {{ ref('indicator_weights') }}
),

scores_found as (
    select
        dimensions.index_code,
        scores.index_code as code,
        count(*) as entity_years
    from {{ ref('index_scores') }} as scores
    inner join {{ ref('stg_dimensions') }} as dimensions
        on scores.index_code in (dimensions.index_code, dimensions.index_code || '.' || dimensions.dimension_code)
    group by dimensions.index_code, dimensions.dimension_code, scores.index_code
),

found as (
    select * from values_found
    union all
    select * from scores_found
)

select
    found.code,
    found.entity_years,
    expected.entity_years as expected_entity_years
from found
inner join expected on found.index_code = expected.index_code
where found.entity_years != expected.entity_years
