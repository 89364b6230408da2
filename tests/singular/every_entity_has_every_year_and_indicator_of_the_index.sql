{# As many rows as entities times years, or as many as an index keeps that leaves incomplete ones out: in the composite,
   in each sub-index, of each indicator. #}
with

kept_rows as (
    select
        index_code,
        count(*) as entity_years
    from {{ ref('int_index_rows') }}
    where is_kept
    group by index_code
),

expected as (
    select
        indices.index_code,
        case indices.missing
            when 'stop'
                then (select count(*) from {{ ref('entities') }}) * (indices.last_year - indices.first_year + 1)
            else kept_rows.entity_years
        end as entity_years
    from {{ ref('stg_indices') }} as indices
    left join kept_rows on indices.index_code = kept_rows.index_code
),

values_found as (
    select
        index_code,
        indicator_code as code,
        entity_years
    from {{ ref('int_indicator_bounds') }}
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
