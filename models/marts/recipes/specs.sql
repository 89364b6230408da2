-- depends_on: {{ ref('problems_in_specs') }}
with

final as (
    select
        specs.spec_code,
        specs.design_code,
        specs.name_zh,
        specs.name_en,
        specs.normalization,
        specs.rescaling,
        specs.shift,
        specs.entropy_shift,
        specs.pool,
        specs.weighting,
        specs.scored_on,
        specs.aggregation,
        specs.ideal,
        specs.divisor,
        specs.left_out,
        specs.is_baseline,
        not specs.is_design and not specs.is_baseline as is_preset,
        specs.is_wrong,
        specs.is_valid,
        specs.same_as,
        refusals.refusal_zh,
        refusals.refusal_en
    from {{ ref('int_specs') }} as specs
    left join {{ ref('stg_recipe_refusals') }} as refusals on specs.refusal_code = refusals.refusal_code
)

select * from final
