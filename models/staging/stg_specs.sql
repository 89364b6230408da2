with

specs as (
    {{ study_file(
        ref('def_specs'),
        [
            'spec_code', 'normalization', 'shift', 'pool', 'weighting', 'aggregation', 'ideal', 'divisor',
            'is_baseline',
        ],
    ) }}
),

final as (
    select
        spec_code,
        normalization,
        shift,
        pool,
        weighting,
        aggregation,
        ideal,
        divisor,
        lower(is_baseline) in ('true', '1', 'yes') as is_baseline
    from specs
)

select * from final
