{#-
    to the ideal       b_ij = (w_j v_ij)^2
    to the anti-ideal  a_ij = (w_j z_ij)^2
What each indicator adds to the squared distances of a row: weighted values lie between the anti-ideal 0 (z = 0) and
the ideal w (z = 1).
-#}
with

final as (
    select
        normalized_values.index_code,
        normalized_values.dimension_code,
        normalized_values.indicator_code,
        normalized_values.entity_code,
        normalized_values.year,
        weights.weight,
        power(weights.weight * normalized_values.shortfall, 2) as to_ideal,
        power(weights.weight * normalized_values.normalized_value, 2) as to_anti_ideal
    from {{ ref('int_normalized_values') }} as normalized_values
    inner join {{ ref('int_entropy_weights') }} as weights
        on
            normalized_values.index_code = weights.index_code
            and normalized_values.indicator_code = weights.indicator_code
)

select * from final
