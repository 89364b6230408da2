{#-
    worst_j, best_j = the smallest and largest x_ij of the entities drawn, the other way round when less is better
-#}
with

entity_bounds as (
    select
        entity_key,
        indicator_key,
        index_code,
        direction,
        min(indicator_value) as minimum,
        max(indicator_value) as maximum
    from {{ ref('int_matrix') }}
    group by entity_key, indicator_key, index_code, direction
),

bounds as (
    select
        samples.draw,
        entity_bounds.indicator_key,
        entity_bounds.index_code,
        entity_bounds.direction,
        min(entity_bounds.minimum) as minimum,
        max(entity_bounds.maximum) as maximum
    from {{ ref('int_bootstrap_samples') }} as samples
    inner join entity_bounds on samples.entity_key = entity_bounds.entity_key
    group by samples.draw, entity_bounds.indicator_key, entity_bounds.index_code, entity_bounds.direction
),

final as (
    select
        draw,
        indicator_key,
        index_code,
        case when direction = 'positive' then minimum else maximum end as worst,
        case when direction = 'positive' then maximum else minimum end as best
    from bounds
    where not ({{ is_constant('minimum', 'maximum') }})
)

select * from final
