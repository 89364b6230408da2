{{ config(materialized='table') }}
{#-
    minimum_j = min x_ij,   maximum_j = max x_ij   over all entity-years of the index (one pool)
-#}
-- depends_on: {{ ref('study_problems') }}
with

final as (
    select
        index_code,
        dimension_code,
        indicator_code,
        min(indicator_value) as minimum,
        max(indicator_value) as maximum,
        {{ is_constant('min(indicator_value)', 'max(indicator_value)') }} as is_constant,
        cast(count(*) as bigint) as entity_years
    from {{ ref('int_indicator_values') }}
    group by index_code, dimension_code, indicator_code
)

select * from final
