{#-
Bootstrap over entities: every draw takes as many entities as there are, each time any of them with equal chance and with
all its years. Draw 0 is the sample itself. Entities that are not drawn have no row.
-#}
with

entities as (
    select distinct entity_key from {{ ref('int_matrix') }}
),

sizes as (
    select count(*) as entity_count from entities
),

drawn as (
    select
        draws.draw,
        cast(
            floor(sizes.entity_count * {{ uniform('bootstrap', ['draws.draw', 'entities.entity_key']) }}) as integer
        ) + 1 as entity_key
    from {{ ref('int_draws') }} as draws
    cross join entities
    cross join sizes
),

final as (
    select
        draw,
        entity_key,
        cast(count(*) as integer) as copies
    from drawn
    group by draw, entity_key
    union all
    select
        0 as draw,
        entity_key,
        1 as copies
    from entities
)

select * from final
