{{ config(materialized='table') }}
{#-
    minimum_j = min x_ij,   maximum_j = max x_ij   over all entity-years of the index (one pool)
taken over from a study without problems.
-#}
-- depends_on: {{ ref('study_problems') }}
with

final as (
    select
        index_code,
        dimension_code,
        indicator_code,
        minimum,
        maximum,
        {{ is_constant('minimum', 'maximum') }} as is_constant,
        entity_years
    from {{ ref('int_indicator_ranges') }}
)

select * from final
