{#-
Measures that an indicator is compared with: those that are nearer to its definition (is_better) and those that are merely
other ones.
-#}
with

agreements as (
    {{ study_file(
        ref('def_agreements'),
        ['index_code', 'indicator_code', 'other_code', 'numerator_series'],
        ['name_zh', 'name_en', 'denominator_series', 'multiplier', 'is_better', 'note', 'note_zh'],
    ) }}
),

final as (
    select
        index_code,
        indicator_code,
        other_code,
        coalesce(name_zh, name_en, other_code) as name_zh,
        coalesce(name_en, name_zh, other_code) as name_en,
        numerator_series,
        denominator_series,
        multiplier as multiplier_text,
        {{ plain_number("coalesce(multiplier, '1')") }} as multiplier,
        is_better as is_better_text,
        coalesce(lower(is_better) in ('true', '1', 'yes'), false) as is_better,
        note as note_en,
        coalesce(note_zh, note) as note_zh
    from agreements
)

select * from final
