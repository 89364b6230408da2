{{ config(materialized='table') }}
{#-
A17, the candidates: what a printed row could be, made by rule from the definitions of the study.
    x = numerator / denominator * multiplier, then level or log
For every regression variable its numerator and its denominator are replaced by every series of the same unit, which
brings in every vintage and every base per head. Outcomes are also deflated to the first year of the index, by every series of
the unit of the chain indices: a volume index (one that a chained series uses) carries the first year's level, a price
index divides. One row per candidate: what Table 2 of a paper prints, and the sums of squares of its two-way
fixed-effects fit without regressors (balanced panels only).
-#}
with

panel_years as (
    select distinct spine.entity_code, spine.year
    from {{ ref('int_spine') }} as spine
    inner join {{ ref('stg_indices') }} as indices on spine.year between indices.first_year and indices.last_year
),

panel_sizes as (
    select
        count(*) as cells,
        count(distinct entity_code) as entities,
        count(distinct year) as years,
        min(year) as base_year
    from panel_years
),

panel_values as (
    select series_values.entity_code, series_values.year, series_values.series_code, series_values.series_value
    from {{ ref('int_series_values') }} as series_values
    inner join panel_years
        on series_values.entity_code = panel_years.entity_code and series_values.year = panel_years.year
),

complete_series as (
    select panel_values.series_code
    from panel_values
    cross join panel_sizes
    group by panel_values.series_code, panel_sizes.cells
    having count(*) = panel_sizes.cells
),

chains as (
    select series_code, right_series from {{ ref('stg_derived_series') }}
    where operation = 'chain'
),

links as (
    select distinct right_series from chains
),

units as (
    select series_code, unit from {{ ref('stg_series') }}
    union all
    select series_code, unit from {{ ref('stg_derived_series') }}
),

series as (
    select units.series_code, units.unit
    from units
    inner join complete_series on units.series_code = complete_series.series_code
),

variables as (
    select * from {{ ref('stg_variables') }}
    where transform in ('level', 'log')  -- what a paper prints of a variable made otherwise is not looked for
),

definitions as (
    select
        variables.variable_code as defined_as,
        numerators.series_code as numerator_series,
        denominators.series_code as denominator_series,
        variables.multiplier,
        variables.transform,
        variables.role,
        variables.numerator_series = numerators.series_code
        and coalesce(variables.denominator_series, '') = coalesce(denominators.series_code, '') as is_as_defined
    from variables
    inner join units as numerator_units on variables.numerator_series = numerator_units.series_code
    inner join series as numerators on numerator_units.unit = numerators.unit
    left join units as denominator_units on variables.denominator_series = denominator_units.series_code
    left join series as denominators on denominator_units.unit = denominators.unit
    where
        coalesce(denominators.series_code, '') != numerators.series_code
        and (variables.denominator_series is null or denominators.series_code is not null)
),

index_series as (
    select series.series_code, case when links.right_series is null then 'price' else 'volume' end as deflation
    from series
    inner join units as chained on series.unit = chained.unit
    inner join links as any_link on chained.series_code = any_link.right_series
    left join links on series.series_code = links.right_series
),

cumulated as (
    select
        panel_values.series_code, index_series.deflation, panel_values.entity_code, panel_values.year,
        exp(sum(
            case
                when panel_values.year > panel_sizes.base_year and panel_values.series_value > 0
                    then ln(panel_values.series_value / 100)
                else 0.0
            end
        ) over (partition by panel_values.series_code, panel_values.entity_code order by panel_values.year)) as growth
    from panel_values
    inner join index_series on panel_values.series_code = index_series.series_code
    cross join panel_sizes
),

-- The series that the outcomes of the study are made of; a chained one is made of its base-year level.
outcome_definitions as (
    select numerator_series, denominator_series from variables
    where role = 'outcome'
),

outcome_denominators as (
    select distinct coalesce(denominator_series, '') as denominator_series from outcome_definitions
),

outcome_series as (
    select numerator_series as series_code from outcome_definitions
    union
    select derived.left_series as series_code
    from outcome_definitions
    inner join {{ ref('stg_derived_series') }} as derived on outcome_definitions.numerator_series = derived.series_code
    where derived.operation = 'chain'
),

-- A way of defining the variable: one of the study where it is as defined, else the first that leads to it.
marked as (
    select
        definitions.*,
        outcome_series.series_code is not null as is_outcome_series,
        outcome_denominators.denominator_series is not null as is_outcome_denominator
    from definitions
    left join outcome_series on definitions.numerator_series = outcome_series.series_code
    left join outcome_denominators
        on coalesce(definitions.denominator_series, '') = outcome_denominators.denominator_series
),

variants as (
    select
        numerator_series, denominator_series, multiplier, transform,
        max(case when role = 'outcome' then 1 else 0 end) as is_outcome,
        max(case when role = 'outcome' and is_outcome_series and is_outcome_denominator then 1 else 0 end)
            as is_outcome_family,
        max(case when is_as_defined then defined_as end) as variable_code
    from marked
    group by numerator_series, denominator_series, multiplier, transform
),

deflations as (
    select variants.*, 'none' as deflation, cast(null as string) as index_code
    from variants
    union all
    select variants.*, index_series.deflation, index_series.series_code as index_code
    from variants
    cross join index_series
    left join chains on variants.numerator_series = chains.series_code
    where variants.is_outcome = 1 and chains.series_code is null
),

untransformed as (
    select
        deflations.numerator_series, deflations.denominator_series, deflations.multiplier, deflations.transform,
        deflations.deflation, deflations.index_code, deflations.is_outcome, deflations.is_outcome_family,
        case when deflations.deflation = 'none' then deflations.variable_code end as variable_code,
        numerators.entity_code, numerators.year,
        deflations.multiplier
        * case deflations.deflation
            when 'volume' then base_levels.series_value * cumulated.growth
            when 'price' then numerators.series_value / nullif(cumulated.growth, 0)
            else numerators.series_value
        end
        / case when deflations.denominator_series is null then 1.0 else nullif(denominators.series_value, 0) end
            as amount
    from deflations
    inner join panel_values as numerators on deflations.numerator_series = numerators.series_code
    cross join panel_sizes
    left join panel_values as denominators
        on
            deflations.denominator_series = denominators.series_code
            and numerators.entity_code = denominators.entity_code and numerators.year = denominators.year
    left join cumulated
        on
            deflations.index_code = cumulated.series_code
            and numerators.entity_code = cumulated.entity_code and numerators.year = cumulated.year
    left join panel_values as base_levels
        on
            deflations.deflation = 'volume' and deflations.numerator_series = base_levels.series_code
            and numerators.entity_code = base_levels.entity_code and panel_sizes.base_year = base_levels.year
),

transformed as (
    select
        numerator_series || coalesce(' / ' || denominator_series, '')
        || case deflation when 'none' then '' else ', ' || deflation || ' index ' || index_code end
        || case transform when 'log' then ', log' else '' end
        || case when multiplier = 1 then '' else ', x ' || {{ number_text('multiplier') }} end as candidate,
        *,
        case when transform = 'level' then amount when transform = 'log' and amount > 0 then ln(amount) end as x
    from untransformed
),

centred as (
    select
        *,
        x - avg(x) over (partition by candidate, entity_code) - avg(x) over (partition by candidate, year)
        + avg(x) over (partition by candidate) as two_way_residual
    from transformed
    where x is not null
),

final as (
    select
        centred.candidate,
        centred.numerator_series,
        centred.denominator_series,
        centred.deflation,
        centred.index_code,
        max(centred.is_outcome) = 1 as is_outcome,
        max(centred.is_outcome_family) = 1 as is_outcome_family,
        max(centred.variable_code) as variable_code,
        count(*) as n_obs,
        avg(centred.x) as mean,
        stddev_samp(centred.x) as std_dev,
        min(centred.x) as min,
        max(centred.x) as max,
        max(panel_sizes.entities + panel_sizes.years - 1) as effect_parameters,
        case when count(*) = max(panel_sizes.cells) then var_samp(centred.x) * (count(*) - 1) end as total_squares,
        case
            when count(*) = max(panel_sizes.cells) then sum(centred.two_way_residual * centred.two_way_residual)
        end as within_squares
    from centred
    cross join panel_sizes
    group by
        centred.candidate, centred.numerator_series, centred.denominator_series, centred.deflation, centred.index_code
)

select * from final
