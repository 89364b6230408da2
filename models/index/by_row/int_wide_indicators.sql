{#-
The indicators as quotients of columns of a wide file that is read in place. No rows where the study comes in another form,
and none where any indicator needs more than the columns hold: a derived series, an imputed cell, an index that leaves
incomplete rows out.
With rows, ranges, entropies and distances are computed by the row of the file (the models beside this one), which takes
a fifth of the time that one row per cell takes; without, from int_indicator_values.
-#}
-- depends_on: {{ ref('def_entities') }}
with

complete_columns as (
    select extents.series_code
    from {{ ref('int_series_extents') }} as extents
    left join {{ ref('int_series_imputed') }} as imputed on extents.series_code = imputed.series_code
    where
        imputed.series_code is null
        and {{ 'true' if is_wide_file_of_numbers(ref('stg_observations')) else 'false' }}
),

candidates as (
    select
        indicators.indicator_key,
        indicators.dimension_key,
        indicators.index_code,
        indicators.direction,
        indicators.numerator_series,
        indicators.denominator_series,
        indicators.multiplier,
        indices.first_year,
        indices.last_year,
        numerators.series_code is not null
        and (indicators.denominator_series is null or denominators.series_code is not null)
        and indicators.direction in ('positive', 'negative')
        and indicators.multiplier is not null
        and indices.first_year <= indices.last_year
        and indices.missing = 'stop'
        and indices.winsorise is null as is_computable
    from {{ ref('stg_indicators') }} as indicators
    inner join {{ ref('stg_indices') }} as indices on indicators.index_code = indices.index_code
    left join complete_columns as numerators on indicators.numerator_series = numerators.series_code
    left join complete_columns as denominators on indicators.denominator_series = denominators.series_code
),

verdict as (
    select min(case when is_computable then 1 else 0 end) = 1 as all_are_computable
    from candidates
),

final as (
    select
        candidates.indicator_key,
        candidates.dimension_key,
        candidates.index_code,
        candidates.direction,
        candidates.numerator_series,
        candidates.denominator_series,
        candidates.multiplier,
        candidates.first_year,
        candidates.last_year
    from candidates
    cross join verdict
    where verdict.all_are_computable
)

select * from final
