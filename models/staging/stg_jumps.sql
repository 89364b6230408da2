{#-
What the study says of the jumps of a series: of one cell, of an entity, of a year, or of all that are not named.
-#}
with

jumps as (
    {{ study_file(ref('def_jumps'), ['series_code', 'verdict'], ['entity_code', 'year', 'reason', 'reason_zh']) }}
),

final as (
    select
        series_code,
        entity_code,
        year as year_text,
        {{ whole_number('year') }} as year,
        verdict,
        reason as reason_en,
        coalesce(reason_zh, reason) as reason_zh
    from jumps
)

select * from final
