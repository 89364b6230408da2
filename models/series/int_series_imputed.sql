{{ config(materialized='table') }}
{#-
What stands in for a missing cell of a series whose definition asks for it; of any other series nothing is imputed.
    linear     x_t = x_a + (x_b - x_a) * (t - a) / (b - a),   a < t < b the nearest observed years of the same entity
    carry N    x_t = x_a,   t - a <= N
    zero       x_t = 0 where the file has a blank cell, with the note of that cell
Nothing is put before the first observed year of an entity, and by `linear` nothing after the last.
-#}
with

imputable as (
    select
        series.series_code,
        series.impute,
        series.carried_years
    from {{ ref('stg_series') }} as series
    inner join {{ ref('int_series_extents') }} as extents on series.series_code = extents.series_code
    where
        series.impute in ('linear', 'carry', 'zero')
        and extents.figures < (select count(*) from {{ ref('int_spine') }})
),

observed as (
    select
        observations.entity_code,
        observations.year,
        observations.series_code,
        observations.observed_value
    from {{ ref('stg_observations') }} as observations
    inner join imputable on observations.series_code = imputable.series_code
    where observations.observed_value is not null and observations.year is not null
),

extents as (
    select
        observed.entity_code,
        observed.series_code,
        imputable.impute,
        imputable.carried_years,
        min(observed.year) as first_year,
        case imputable.impute
            when 'linear' then max(observed.year) else max(observed.year) + imputable.carried_years
        end as last_year
    from observed
    inner join imputable on observed.series_code = imputable.series_code
    group by observed.entity_code, observed.series_code, imputable.impute, imputable.carried_years
    having
        imputable.impute = 'carry'
        or (imputable.impute = 'linear' and max(observed.year) - min(observed.year) + 1 > count(*))
),

gaps as (
    select
        extents.entity_code,
        extents.series_code,
        extents.impute,
        extents.carried_years,
        spine.year
    from extents
    inner join {{ ref('int_spine') }} as spine
        on
            extents.entity_code = spine.entity_code
            and extents.first_year < spine.year
            and extents.last_year >= spine.year
    left join observed
        on
            extents.entity_code = observed.entity_code
            and extents.series_code = observed.series_code
            and spine.year = observed.year
    where observed.year is null
),

neighbours as (
    select
        gaps.entity_code,
        gaps.series_code,
        gaps.impute,
        gaps.carried_years,
        gaps.year,
        max(case when observed.year < gaps.year then observed.year end) as year_before,
        min(case when observed.year > gaps.year then observed.year end) as year_after
    from gaps
    inner join observed
        on
            gaps.entity_code = observed.entity_code
            and gaps.series_code = observed.series_code
    group by gaps.entity_code, gaps.series_code, gaps.impute, gaps.carried_years, gaps.year
),

interpolated as (
    select
        neighbours.entity_code,
        neighbours.year,
        neighbours.series_code,
        earlier.observed_value
        + (later.observed_value - earlier.observed_value)
        * (neighbours.year - neighbours.year_before)
        / (neighbours.year_after - neighbours.year_before) as series_value,
        'linear interpolation between ' || cast(neighbours.year_before as string)
        || ' and ' || cast(neighbours.year_after as string) as note
    from neighbours
    inner join observed as earlier
        on
            neighbours.entity_code = earlier.entity_code
            and neighbours.series_code = earlier.series_code
            and neighbours.year_before = earlier.year
    inner join observed as later
        on
            neighbours.entity_code = later.entity_code
            and neighbours.series_code = later.series_code
            and neighbours.year_after = later.year
    where neighbours.impute = 'linear'
),

carried as (
    select
        neighbours.entity_code,
        neighbours.year,
        neighbours.series_code,
        earlier.observed_value as series_value,
        'carried from ' || cast(neighbours.year_before as string) as note
    from neighbours
    inner join observed as earlier
        on
            neighbours.entity_code = earlier.entity_code
            and neighbours.series_code = earlier.series_code
            and neighbours.year_before = earlier.year
    where neighbours.impute = 'carry' and neighbours.year - neighbours.year_before <= neighbours.carried_years
),

blank as (
    select
        observations.entity_code,
        observations.year,
        observations.series_code,
        cast(0 as double) as series_value,
        'counted as 0' || coalesce(': ' || observations.note, '') as note
    from {{ ref('stg_observations') }} as observations
    inner join imputable on observations.series_code = imputable.series_code
    where imputable.impute = 'zero' and observations.observed_value is null and observations.year is not null
),

final as (
    select * from interpolated
    union all
    select * from carried
    union all
    select * from blank
)

select * from final
