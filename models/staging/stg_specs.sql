{#-
The ways of building the index; without a file the baseline alone. is_classical: min-max, entropy weights, TOPSIS over all years,
which models/index computes; every other way is computed by models/recipes.
-#}
with

{% if has_study_file(ref('def_specs')) -%}
    specs as (
        {{ study_file(
            ref('def_specs'),
            [
                'spec_code', 'normalization', 'shift', 'pool', 'weighting', 'aggregation', 'ideal', 'divisor',
                'is_baseline',
            ],
            ['name_zh', 'name_en', 'rescaling', 'entropy_shift', 'scored_on', 'left_out', 'is_wrong', 'note'],
        ) }}
    ),
{%- else -%}
    specs as (
        select
            'baseline' as spec_code,
            'min_max' as normalization,
            '0' as shift,
            'all_years' as pool,
            'entropy' as weighting,
            'topsis' as aggregation,
            'pooled' as ideal,
            'ln_rows' as divisor,
            'true' as is_baseline,
            cast(null as string) as name_zh,
            cast(null as string) as name_en,
            cast(null as string) as rescaling,
            cast(null as string) as entropy_shift,
            cast(null as string) as scored_on,
            cast(null as string) as left_out,
            cast(null as string) as is_wrong,
            cast(null as string) as note
    ),
{%- endif %}

named as (
    select
        spec_code,
        coalesce(name_zh, name_en, spec_code) as name_zh,
        coalesce(name_en, name_zh, spec_code) as name_en,
        normalization,
        coalesce(rescaling, 'none') as rescaling,
        shift,
        coalesce(entropy_shift, 'none') as entropy_shift,
        pool,
        weighting,
        coalesce(scored_on, 'same') as scored_on,
        aggregation,
        ideal,
        divisor,
        coalesce(left_out, 'none') as left_out,
        coalesce(lower(is_baseline) in ('true', '1', 'yes'), false) as is_baseline,
        coalesce(lower(is_wrong) in ('true', '1', 'yes'), false) as is_wrong,
        coalesce(
            position('|' in normalization || shift || pool || weighting || aggregation || ideal || divisor) > 0
            or position('|' in coalesce(rescaling, '') || coalesce(entropy_shift, '') || coalesce(scored_on, '')) > 0
            or position('|' in left_out) > 0
            or left_out = 'each',
            false
        ) as is_design,
        note
    from specs
),

final as (
    select
        *,
        coalesce(
            normalization = 'min_max'
            and rescaling = 'none'
            and shift = '0'
            and entropy_shift = 'none'
            and pool = 'all_years'
            and weighting = 'entropy'
            and scored_on = 'same'
            and aggregation = 'topsis'
            and ideal = 'pooled'
            and divisor = 'ln_rows'
            and left_out = 'none',
            false
        ) as is_classical
    from named
)

select * from final
