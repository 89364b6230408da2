with

entities as (
    {{ study_file(
        ref('def_entities'),
        ['entity_code', 'name_zh', 'name_en', 'group_code'],
        ['tile_row', 'tile_column'],
        variable='NQP_ENTITIES',
    ) }}
),

final as (
    select
        entity_code,
        coalesce(name_zh, name_en, entity_code) as name_zh,
        coalesce(name_en, name_zh, entity_code) as name_en,
        group_code,
        {{ whole_number("tile_row") }} as tile_row,
        {{ whole_number("tile_column") }} as tile_column
    from entities
)

select * from final
