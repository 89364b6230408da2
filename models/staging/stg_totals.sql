{#- Printed totals that the entities of a series add up to. -#}
with

totals as (
    {{ study_file(
        ref('def_totals'), ['series_code', 'year', 'total'], ['rounding', 'least_share', 'note', 'note_zh']
    ) }}
),

final as (
    select
        series_code,
        {{ whole_number('year') }} as year,
        total as total_text,
        year as year_text,
        rounding as rounding_text,
        least_share as least_share_text,
        {{ plain_number('total') }} as total,
        {{ plain_number("coalesce(rounding, '0')") }} as rounding,
        {{ plain_number("coalesce(least_share, '1')") }} as least_share,
        note as note_en,
        coalesce(note_zh, note) as note_zh
    from totals
)

select * from final
