{{ config(materialized='table') }}
{#-
    minimum_j = min x_ij,   maximum_j = max x_ij   over all entity-years of the index (one pool)
and how many values there are, from one scan: checks, bounds and definitions need no other.
-#}
with

final as (
    select
        index_code,
        dimension_code,
        indicator_code,
        min(indicator_value) as minimum,
        max(indicator_value) as maximum,
        cast(count(indicator_value) as bigint) as entity_years,
        max(cast(is_derived as integer)) = 1 as uses_derived,
        cast(sum(cast(is_imputed as integer)) as bigint) as imputed_values
    from {{ ref('int_indicator_values') }}
    group by index_code, dimension_code, indicator_code
)

select * from final
