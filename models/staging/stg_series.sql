with

series as (
    {{ study_file(
        ref('def_series'),
        ['series_code', 'name_zh', 'name_en', 'unit', 'source'],
        ['vintage', 'trust', 'note'],
    ) }}
),

final as (
    select
        series_code,
        coalesce(name_zh, name_en, series_code) as name_zh,
        coalesce(name_en, name_zh, series_code) as name_en,
        unit,
        source,
        vintage,
        trust,
        note
    from series
)

select * from final
