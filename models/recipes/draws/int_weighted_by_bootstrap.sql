{#-
What the baseline's distances are made of, with bounds and weights estimated anew from the entities of a bootstrap draw. Every
entity is scored, also one that is not in the draw; where it lies beyond the bounds of the draw it is held at them.
-#}
{%- set bounds = ['matrix.indicator_value', 'weights.worst', 'weights.best', "'positive'"] %}
with

final as (
    select
        weights.draw,
        matrix.row_key,
        weights.weight * greatest(0, least(1, {{ min_max(*bounds) }})) as weighted_value,
        weights.weight * greatest(0, least(1, {{ shortfall(*bounds) }})) as weighted_shortfall
    from {{ ref('int_bootstrap_weights') }} as weights
    inner join {{ ref('int_matrix') }} as matrix on weights.indicator_key = matrix.indicator_key
)

select * from final
