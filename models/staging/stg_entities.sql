{#-
The entities; without a file those that are observed, called by their codes. In a study without groups all belong to one.
-#}
{%- set observations = ref('stg_observations') %}
with

{% if has_study_file(ref('def_entities'), 'NQP_ENTITIES') -%}
    entities as (
        {{ study_file(
            ref('def_entities'),
            ['entity_code'],
            ['name_zh', 'name_en', 'group_code', 'tile_row', 'tile_column', 'left_out'],
            variable='NQP_ENTITIES',
        ) }}
    ),
{%- else -%}
    entities as (
        select distinct
            entity_code,
            cast(null as string) as name_zh,
            cast(null as string) as name_en,
            cast(null as string) as group_code,
            cast(null as string) as tile_row,
            cast(null as string) as tile_column,
            cast(null as string) as left_out
        from {{ observations }}
        where entity_code is not null
    ),
{%- endif %}

final as (
    select
        entity_code,
        {{ distinct_name('coalesce(name_zh, name_en, entity_code)', 'entity_code') }} as name_zh,
        {{ distinct_name('coalesce(name_en, name_zh, entity_code)', 'entity_code') }} as name_en,
        {{ 'group_code' if has_study_file(ref('def_groups')) else "coalesce(group_code, 'all') as group_code" }},
        {{ whole_number("tile_row") }} as tile_row,
        {{ whole_number("tile_column") }} as tile_column
    from entities
    where not {{ is_true('left_out') }}
)

select * from final
order by entity_code
