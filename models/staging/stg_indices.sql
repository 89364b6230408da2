with

indices as (
    {{ study_file(ref('def_indices'), ['index_code', 'name_zh', 'name_en', 'first_year', 'last_year']) }}
),

final as (
    select
        index_code,
        coalesce(name_zh, name_en, index_code) as name_zh,
        coalesce(name_en, name_zh, index_code) as name_en,
        first_year as first_year_text,
        {{ whole_number("first_year") }} as first_year,
        last_year as last_year_text,
        {{ whole_number("last_year") }} as last_year
    from indices
)

select * from final
