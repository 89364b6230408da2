with

derived_series as (
    {{ study_file(
        ref('def_derived_series'),
        ['series_code', 'name_zh', 'name_en', 'operation', 'left_series', 'right_series'],
        ['step', 'base_year', 'multiplier', 'unit', 'note', 'unit_zh', 'note_zh'],
    ) }}
),

final as (
    select
        series_code,
        coalesce(name_zh, name_en, series_code) as name_zh,
        coalesce(name_en, name_zh, series_code) as name_en,
        step as step_text,
        {{ whole_number("coalesce(step, '1')") }} as step,
        operation,
        left_series,
        right_series,
        base_year as base_year_text,
        {{ whole_number("base_year") }} as base_year,
        multiplier as multiplier_text,
        {{ plain_number("coalesce(multiplier, '1')") }} as multiplier,
        unit,
        note,
        coalesce(unit_zh, unit) as unit_zh,
        coalesce(note_zh, note) as note_zh
    from derived_series
)

select * from final
order by series_code
