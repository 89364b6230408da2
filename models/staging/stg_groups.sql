with

groups as (
    {{ study_file(ref('def_groups'), ['group_code', 'name_zh', 'name_en'], ['sort_order']) }}
),

final as (
    select
        group_code,
        coalesce(name_zh, name_en, group_code) as name_zh,
        coalesce(name_en, name_zh, group_code) as name_en,
        {{ whole_number("sort_order") }} as sort_order
    from groups
)

select * from final
