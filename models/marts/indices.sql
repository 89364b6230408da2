-- depends_on: {{ ref('study_problems') }}
with

final as (
    select
        index_code,
        name_zh,
        name_en,
        first_year,
        last_year,
        missing,
        based_on,
        without_indicators,
        without_rows,
        winsorise,
        recipes = 'all' as has_recipes
    from {{ ref('stg_indices') }}
)

select * from final
