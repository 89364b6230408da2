{#-
    to the ideal       b_ij = (w_j v_ij)^2
    to the anti-ideal  a_ij = (w_j z_ij)^2
What each indicator adds to the squared distances of a row: weighted values lie between the anti-ideal 0 (z = 0) and
the ideal w (z = 1). A square is a product here: power() takes six times as long.
-#}
with

weighted_values as (
    select
        normalized_values.indicator_key,
        normalized_values.dimension_key,
        normalized_values.index_code,
        normalized_values.dimension_code,
        normalized_values.indicator_code,
        normalized_values.entity_code,
        normalized_values.year,
        weights.weight,
        weights.weight * normalized_values.normalized_value as weighted_value,
        weights.weight * normalized_values.shortfall as weighted_shortfall
    from {{ ref('int_normalized_values') }} as normalized_values
    inner join {{ ref('int_entropy_weights') }} as weights
        on normalized_values.indicator_key = weights.indicator_key
),

final as (
    select
        indicator_key,
        dimension_key,
        index_code,
        dimension_code,
        indicator_code,
        entity_code,
        year,
        weight,
        weighted_shortfall * weighted_shortfall as to_ideal,
        weighted_value * weighted_value as to_anti_ideal
    from weighted_values
)

select * from final
