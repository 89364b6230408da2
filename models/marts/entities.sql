-- depends_on: {{ ref('study_problems') }}
with

final as (
    select
        entities.entity_code,
        entities.name_zh,
        entities.name_en,
        entities.group_code,
        groups.name_zh as group_name_zh,
        groups.name_en as group_name_en,
        groups.sort_order as group_sort_order,
        entities.tile_row,
        entities.tile_column
    from {{ ref('stg_entities') }} as entities
    inner join {{ ref('stg_groups') }} as groups on entities.group_code = groups.group_code
)

select * from final
