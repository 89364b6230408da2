{#-
Which yearbook cells stand behind one score? From the score to its indicators, their series and, for a derived
series, the observed series under it.
dbt show --select trace_of_a_score --limit 200 --vars '{entity: "11", year: 2022}'
-#}
with

asked as (
    select
        {{ asked_code('entity', 'min(entity_code)') }} as entity_code,
        {{ asked_year('year', 'max(year)') }} as year
    from {{ ref('indicator_values') }}
),

inputs as (
    select index_code, indicator_code, 'numerator' as used_as, numerator_series as series_code
    from {{ ref('indicators') }}
    union all
    select index_code, indicator_code, 'denominator' as used_as, denominator_series as series_code
    from {{ ref('indicators') }}
    where denominator_series is not null
),

-- A series stands for itself, and a derived one also for its inputs, two steps down at most. A chain or a splice
-- rests on more than the year asked for: `base_year` and `role` say on what.
first_inputs as (
    select series_code, left_series as input_code, operation || ' left' as role, base_year
    from {{ ref('stg_derived_series') }}
    union all
    select series_code, right_series as input_code, operation || ' right' as role, base_year
    from {{ ref('stg_derived_series') }}
),

cells as (
    select series_code, series_code as cell_code, 0 as steps_down, 'itself' as role, cast(null as integer) as base_year
    from {{ ref('series') }}
    union all
    select series_code, input_code as cell_code, 1 as steps_down, role, base_year from first_inputs
    union all
    select
        upper_level.series_code,
        lower_level.input_code as cell_code,
        2 as steps_down,
        coalesce(case when upper_level.base_year is not null then upper_level.role end, lower_level.role) as role,
        coalesce(upper_level.base_year, lower_level.base_year) as base_year
    from first_inputs as upper_level
    inner join first_inputs as lower_level on upper_level.input_code = lower_level.series_code
),

used_cells as (
    select
        cells.series_code,
        cells.cell_code,
        cells.steps_down,
        series_values.year,
        series_values.value,
        series_values.is_derived,
        series_values.is_imputed,
        series_values.note
    from asked
    inner join {{ ref('series_values') }} as series_values on asked.entity_code = series_values.entity_code
    inner join cells on series_values.series_code = cells.cell_code
    where
        case
            when cells.base_year is null then series_values.year = asked.year
            when cells.role = 'splice right' then series_values.year = greatest(asked.year, cells.base_year)
            when cells.role = 'splice left'
                then asked.year < cells.base_year and series_values.year in (asked.year, cells.base_year)
            when cells.role = 'chain left' then series_values.year = cells.base_year
            else
                series_values.year between least(asked.year, cells.base_year) + 1
                and greatest(asked.year, cells.base_year)
        end
)

select
    scores.index_code,
    scores.score,
    indicator_values.indicator_code,
    indicator_values.weight,
    indicator_values.normalized_value,
    indicator_values.indicator_value,
    inputs.used_as,
    used_cells.steps_down,
    used_cells.cell_code as series_code,
    used_cells.year,
    used_cells.value,
    series.unit,
    series.source,
    series.vintage,
    used_cells.is_derived,
    used_cells.is_imputed,
    used_cells.note
from asked
inner join {{ ref('index_scores') }} as scores
    on asked.entity_code = scores.entity_code and asked.year = scores.year
inner join {{ ref('indicator_values') }} as indicator_values
    on
        scores.index_code = indicator_values.index_code
        and scores.entity_code = indicator_values.entity_code
        and scores.year = indicator_values.year
inner join inputs
    on
        indicator_values.index_code = inputs.index_code
        and indicator_values.indicator_code = inputs.indicator_code
inner join used_cells on inputs.series_code = used_cells.series_code
inner join {{ ref('series') }} as series on used_cells.cell_code = series.series_code
order by
    scores.index_code,
    indicator_values.indicator_code,
    inputs.used_as desc,
    used_cells.steps_down,
    used_cells.cell_code,
    used_cells.year
