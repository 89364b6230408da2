with

final as (
    select
        index_code,
        entity_code,
        year,
        indicator_code,
        dimension_code,
        obstacle_linear,
        obstacle_topsis
    from {{ ref('int_obstacle_degrees') }}
)

select * from final
