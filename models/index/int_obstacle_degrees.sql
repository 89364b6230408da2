{#-
What holds a score back, in the two definitions: v_j = 1 - z_j is the shortfall of an indicator,
    obstacle_linear = w_j v_j / sum_j w_j v_j      the obstacle degree of the literature
    obstacle_topsis = b_j / b = (w_j v_j)^2 / sum_j (w_j v_j)^2      its share in the squared distance to the ideal
An entity at the ideal has no obstacles and no row. Under another baseline than the classical one v_j is best_j - y_j of what is
scored, and obstacle_topsis exists where the score is one of TOPSIS.
-#}
with

parts as (
    select
        *,
        {{ sum_over('ideal_part', ['index_code', 'entity_code', 'year'], 'indicator_code') }} as squared_distance,
        {{ sum_over('weighted_shortfall', ['index_code', 'entity_code', 'year'], 'indicator_code') }} as total_shortfall
    from {{ ref('int_scored_parts') }}
),

final as (
    select
        index_code,
        entity_code,
        year,
        indicator_code,
        dimension_code,
        weighted_shortfall / total_shortfall as obstacle_linear,
        ideal_part / squared_distance as obstacle_topsis
    from parts
    where total_shortfall > 0
)

select * from final
