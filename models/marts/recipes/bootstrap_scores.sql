{#-
Baseline scores with bounds and weights re-estimated from the entities of a bootstrap draw:
    z = (x - worst) / (best - worst),   v = (best - x) / (best - worst)
    C = sqrt(sum w^2 z^2) / (sqrt(sum w^2 z^2) + sqrt(sum w^2 v^2))
Every entity is scored, also one that is not in the draw; where it lies beyond the bounds of the draw it is held at them.
-#}
with

weights as (
    select * from {{ ref('int_bootstrap_weights') }}
),

weighted_values as (
    select
        weights.draw,
        matrix.row_key,
        weights.weight
        * greatest(0, least(1, (matrix.indicator_value - weights.worst) / (weights.best - weights.worst)))
            as weighted_value,
        weights.weight
        * greatest(0, least(1, (weights.best - matrix.indicator_value) / (weights.best - weights.worst)))
            as weighted_shortfall
    from weights
    inner join {{ ref('int_matrix') }} as matrix on weights.indicator_key = matrix.indicator_key
),

{{ topsis_scores('weighted_values', ['draw', 'row_key']) }},

matrix_rows as (
    select * from {{ ref('int_matrix_rows') }}
),

final as (
    select
        matrix_rows.index_code,
        scores.draw,
        matrix_rows.entity_code,
        matrix_rows.year,
        coalesce(samples.copies, 0) as copies,
        scores.score,
        cast(
            rank() over (
                partition by scores.draw, matrix_rows.index_code, matrix_rows.year
                order by scores.score desc nulls last
            ) as integer
        ) as rank
    from scores
    inner join matrix_rows on scores.row_key = matrix_rows.row_key
    left join {{ ref('int_bootstrap_samples') }} as samples
        on scores.draw = samples.draw and matrix_rows.entity_key = samples.entity_key
)

select * from final
