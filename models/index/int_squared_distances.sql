{#-
    to the ideal       b = sum_j (w_j v_j)^2          (the ideal is z = 1)
    to the anti-ideal  a = sum_j (w_j z_j)^2          (the anti-ideal is z = 0)
Squared distances add over indicators: one group by gives every dimension, their sum gives the composite.
A dimension keeps the composite's weights: its score does not change when its weights are scaled.
-#}
with

by_dimension as (
    select
        normalized_values.index_code,
        normalized_values.dimension_code,
        normalized_values.entity_code,
        normalized_values.year,
        sum(power(weights.weight * normalized_values.shortfall, 2)) as to_ideal,
        sum(power(weights.weight * normalized_values.normalized_value, 2)) as to_anti_ideal
    from {{ ref('int_normalized_values') }} as normalized_values
    inner join {{ ref('int_entropy_weights') }} as weights
        on
            normalized_values.index_code = weights.index_code
            and normalized_values.indicator_code = weights.indicator_code
    group by
        normalized_values.index_code,
        normalized_values.dimension_code,
        normalized_values.entity_code,
        normalized_values.year
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
