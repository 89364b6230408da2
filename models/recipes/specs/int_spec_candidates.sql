{#-
Every row of def_specs.csv spelled out. A cell with several options (a|b), or `each` indicator left out, makes the row a
design: it stands for every combination of its options, coded design.option.option for the choices that vary.
-#}
with

specs as (
    select * from {{ ref('stg_specs') }}
),

options as (
    select
        choice,
        option_code,
        name_zh,
        name_en,
        is_wrong as is_mistake
    from {{ ref('stg_recipe_options') }}
    where option_code != 'each'
    union all
    select
        each_left_out.choice,
        indicators.indicator_code as option_code,
        replace(min(each_left_out.name_zh), '{name}', min(indicators.name_zh)) as name_zh,
        replace(min(each_left_out.name_en), '{name}', min(indicators.name_en)) as name_en,
        false as is_mistake
    from {{ ref('stg_indicators') }} as indicators
    cross join {{ ref('stg_recipe_options') }} as each_left_out
    where each_left_out.option_code = 'each'
    group by each_left_out.choice, indicators.indicator_code
),

cells as (
    select * from {{ ref('stg_spec_cells') }}
),

chosen as (
    select
        cells.spec_code,
        cells.choice,
        options.option_code,
        options.is_mistake,
        case when position('|' in cells.cell) > 0 or cells.cell = 'each' then '.' || options.option_code else '' end
            as code_part,
        case when position('|' in cells.cell) > 0 or cells.cell = 'each' then '·' || options.name_zh else '' end
            as part_zh,
        case when position('|' in cells.cell) > 0 or cells.cell = 'each' then ', ' || options.name_en else '' end
            as part_en
    from cells
    inner join options
        on
            cells.choice = options.choice
            and (
                position('|' || options.option_code || '|' in '|' || cells.cell || '|') > 0
                or (
                    options.option_code != 'none' and position('|each|' in '|' || cells.cell || '|') > 0
                )
            )
),

final as (
    select
        specs.spec_code || normalizations.code_part || rescalings.code_part || shifts.code_part
        || entropy_shifts.code_part || pools.code_part || weightings.code_part || scored.code_part
        || aggregations.code_part || ideals.code_part || divisors.code_part || omissions.code_part as spec_code,
        specs.spec_code as design_code,
        specs.name_zh || normalizations.part_zh || rescalings.part_zh || shifts.part_zh
        || entropy_shifts.part_zh || pools.part_zh || weightings.part_zh || scored.part_zh
        || aggregations.part_zh || ideals.part_zh || divisors.part_zh || omissions.part_zh as name_zh,
        specs.name_en || normalizations.part_en || rescalings.part_en || shifts.part_en
        || entropy_shifts.part_en || pools.part_en || weightings.part_en || scored.part_en
        || aggregations.part_en || ideals.part_en || divisors.part_en || omissions.part_en as name_en,
        normalizations.option_code as normalization,
        rescalings.option_code as rescaling,
        cast(shifts.option_code as double) as shift,
        entropy_shifts.option_code as entropy_shift,
        pools.option_code as pool,
        weightings.option_code as weighting,
        scored.option_code as scored_on,
        aggregations.option_code as aggregation,
        ideals.option_code as ideal,
        divisors.option_code as divisor,
        omissions.option_code as left_out,
        specs.is_design,
        specs.is_baseline,
        specs.is_wrong,
        normalizations.is_mistake or entropy_shifts.is_mistake or divisors.is_mistake as has_mistake
    from specs
    inner join chosen as normalizations
        on specs.spec_code = normalizations.spec_code and normalizations.choice = 'normalization'
    inner join chosen as rescalings
        on specs.spec_code = rescalings.spec_code and rescalings.choice = 'rescaling'
    inner join chosen as shifts
        on specs.spec_code = shifts.spec_code and shifts.choice = 'shift'
    inner join chosen as entropy_shifts
        on specs.spec_code = entropy_shifts.spec_code and entropy_shifts.choice = 'entropy_shift'
    inner join chosen as pools
        on specs.spec_code = pools.spec_code and pools.choice = 'pool'
    inner join chosen as weightings
        on specs.spec_code = weightings.spec_code and weightings.choice = 'weighting'
    inner join chosen as scored
        on specs.spec_code = scored.spec_code and scored.choice = 'scored_on'
    inner join chosen as aggregations
        on specs.spec_code = aggregations.spec_code and aggregations.choice = 'aggregation'
    inner join chosen as ideals
        on specs.spec_code = ideals.spec_code and ideals.choice = 'ideal'
    inner join chosen as divisors
        on specs.spec_code = divisors.spec_code and divisors.choice = 'divisor'
    inner join chosen as omissions
        on specs.spec_code = omissions.spec_code and omissions.choice = 'left_out'
)

select * from final
