-- depends_on: {{ ref('study_problems') }}
with

final as (
    select
        series_code,
        year,
        total,
        observed_sum,
        cells,
        is_met,
        note_zh,
        note_en
    from {{ ref('int_series_totals') }}
)

select * from final
