with

dimensions as (
    {{ study_file(
        ref('def_dimensions'), ['index_code', 'dimension_code', 'name_zh', 'name_en'], ['sort_order'],
    ) }}
),

final as (
    select
        index_code,
        dimension_code,
        coalesce(name_zh, name_en, dimension_code) as name_zh,
        coalesce(name_en, name_zh, dimension_code) as name_en,
        {{ whole_number("sort_order") }} as sort_order
    from dimensions
)

select * from final
