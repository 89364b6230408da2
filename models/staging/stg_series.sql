with

series as (
    {{ study_file(
        ref('def_series'),
        ['series_code', 'name_zh', 'name_en', 'unit', 'source'],
        ['vintage', 'trust', 'note', 'unit_zh', 'source_zh', 'vintage_zh', 'note_zh'],
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
        note,
        coalesce(unit_zh, unit) as unit_zh,
        coalesce(source_zh, source) as source_zh,
        coalesce(vintage_zh, vintage) as vintage_zh,
        coalesce(note_zh, note) as note_zh
    from series
)

select * from final
