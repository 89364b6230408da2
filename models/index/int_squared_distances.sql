{#-
    to the ideal       b = sum_j b_ij
    to the anti-ideal  a = sum_j a_ij
Squared distances add over indicators: one group by gives every dimension, their sum gives the composite.
A dimension keeps the composite's weights: its score does not change when its weights are scaled.
-#}
with

sums as (
    select
        dimension_key,
        entity_code,
        year,
        sum(to_ideal) as to_ideal,
        sum(to_anti_ideal) as to_anti_ideal
    from {{ ref('int_squared_parts') }}
    group by dimension_key, entity_code, year
),

dimensions as (
    select distinct
        dimension_key,
        index_code,
        dimension_code
    from {{ ref('stg_indicators') }}
),

by_dimension as (
    select
        dimensions.index_code,
        dimensions.dimension_code,
        sums.entity_code,
        sums.year,
        sums.to_ideal,
        sums.to_anti_ideal
    from sums
    inner join dimensions on sums.dimension_key = dimensions.dimension_key
),

composite as (
    select
        index_code,
        entity_code,
        year,
        sum(to_ideal) as to_ideal,
        sum(to_anti_ideal) as to_anti_ideal
    from by_dimension
    group by index_code, entity_code, year
),

final as (
    select
        index_code || '.' || dimension_code as index_code,
        entity_code,
        year,
        to_ideal,
        to_anti_ideal
    from by_dimension
    union all
    select
        index_code,
        entity_code,
        year,
        to_ideal,
        to_anti_ideal
    from composite
)

select * from final
