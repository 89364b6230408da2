-- depends_on: {{ ref('study_problems') }}
with

measured as (
    select
        variables.variable_code,
        variables.variable_code as column_name,
        variables.symbol,
        variables.name_zh,
        variables.name_en,
        variables.role,
        variables.numerator_series,
        variables.denominator_series,
        variables.multiplier,
        variables.transform,
        variables.unit_zh,
        variables.unit_en,
        variables.definition_zh,
        variables.definition_en,
        variables.measured_by_zh,
        variables.measured_by_en,
        variables.closeness,
        coalesce(variables.closeness != 'A', false) as is_proxy,
        ranges.uses_derived,
        ranges.imputed_values,
        variables.sort_order,
        variables.note
    from {{ ref('stg_variables') }} as variables
    inner join {{ ref('int_variable_ranges') }} as ranges on variables.variable_code = ranges.variable_code
),

index_names as (
    select
        index_code as variable_code,
        index_code as column_name,
        name_zh,
        name_en,
        0 as sort_order
    from {{ ref('stg_indices') }}
    union all
    select
        index_code || '.' || dimension_code as variable_code,
        index_code || '_' || dimension_code as column_name,
        name_zh,
        name_en,
        sort_order
    from {{ ref('stg_dimensions') }}
),

-- The baseline in words: its options, of which those that every recipe has to name are always said.
options_of_baseline as (
    select
        specs.is_classical,
        specs.aggregation,
        options.choice_order,
        options.name_zh,
        options.name_en
    from {{ ref('stg_specs') }} as specs
    inner join {{ ref('stg_spec_cells') }} as cells on specs.spec_code = cells.spec_code
    inner join {{ ref('stg_recipe_options') }} as options
        on cells.choice = options.choice and cells.cell = options.option_code
    where
        specs.is_baseline
        and (not options.is_default or options.choice in ('normalization', 'weighting', 'aggregation'))
),

baseline as (
    select
        case
            when min(cast(is_classical as integer)) = 1 then 'classical'
            when min(aggregation) in ('topsis', 'topsis_w_once') then 'topsis'
            else 'another'
        end as scored_by,
        {{ joined_text('name_zh', '、', 'choice_order') }} as recipe_zh,
        {{ joined_text('name_en', ', ', 'choice_order') }} as recipe_en
    from options_of_baseline
),

words as (
    select
        score_words.unit_zh,
        score_words.unit_en,
        replace(score_words.measured_by_zh, '{recipe}', baseline.recipe_zh) as measured_by_zh,
        replace(score_words.measured_by_en, '{recipe}', baseline.recipe_en) as measured_by_en
    from {{ ref('score_words') }} as score_words
    inner join baseline on score_words.scored_by = baseline.scored_by
),

imputed_scores as (
    select
        index_code,
        sum(cast(is_imputed as integer)) as imputed_values
    from {{ ref('index_scores') }}
    group by index_code
),

indices as (
    select
        index_names.variable_code,
        index_names.column_name,
        index_names.variable_code as symbol,
        index_names.name_zh,
        index_names.name_en,
        'index' as role,
        cast(null as string) as numerator_series,
        cast(null as string) as denominator_series,
        cast(null as double) as multiplier,
        'level' as transform,
        words.unit_zh,
        words.unit_en,
        cast(null as string) as definition_zh,
        cast(null as string) as definition_en,
        words.measured_by_zh,
        words.measured_by_en,
        cast(null as string) as closeness,
        false as is_proxy,
        true as uses_derived,
        cast(coalesce(imputed_scores.imputed_values, 0) as bigint) as imputed_values,
        index_names.sort_order,
        cast(null as string) as note
    from index_names
    cross join words
    left join imputed_scores on index_names.variable_code = imputed_scores.index_code
),

final as (
    select * from measured
    union all
    select * from indices
)

select * from final
