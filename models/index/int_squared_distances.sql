{#-
    to the ideal       b = sum_j b_ij
    to the anti-ideal  a = sum_j a_ij
Squared distances add over indicators: one group by gives every dimension, their sum gives the composite.
A dimension keeps the composite's weights: its score does not change when its weights are scaled.
-#}
with

by_dimension as (
    select
        index_code,
        dimension_code,
        entity_code,
        year,
        sum(to_ideal) as to_ideal,
        sum(to_anti_ideal) as to_anti_ideal
    from {{ ref('int_squared_parts') }}
    group by index_code, dimension_code, entity_code, year
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
