{{ config(materialized='table') }}
{#-
    x_t = x_a + (x_b - x_a) * (t - a) / (b - a),   a < t < b the nearest observed years of the same entity
A blank before the first or after the last observed year of an entity stays missing: nothing is extrapolated.
A series that has a figure for every entity in all its years has no gap and is not searched.
-#}
with

incomplete_series as (
    select series_code
    from {{ ref('int_series_extents') }}
    where figures < (last_year - first_year + 1) * (select count(*) from {{ ref('stg_entities') }})
),

incomplete as (
    select
        observations.entity_code,
        observations.year,
        observations.series_code,
        observations.observed_value
    from {{ ref('stg_observations') }} as observations
    inner join incomplete_series on observations.series_code = incomplete_series.series_code
    where observations.observed_value is not null and observations.year is not null
),

extents as (
    select
        entity_code,
        series_code,
        min(year) as first_year,
        max(year) as last_year
    from incomplete
    group by entity_code, series_code
    having max(year) - min(year) + 1 > count(*)
),

gaps as (
    select
        extents.entity_code,
        extents.series_code,
        spine.year
    from extents
    inner join {{ ref('int_spine') }} as spine
        on
            extents.entity_code = spine.entity_code
            and extents.first_year < spine.year
            and extents.last_year > spine.year
    left join incomplete
        on
            extents.entity_code = incomplete.entity_code
            and extents.series_code = incomplete.series_code
            and spine.year = incomplete.year
    where incomplete.year is null
),

neighbours as (
    select
        gaps.entity_code,
        gaps.series_code,
        gaps.year,
        max(case when incomplete.year < gaps.year then incomplete.year end) as year_before,
        min(case when incomplete.year > gaps.year then incomplete.year end) as year_after
    from gaps
    inner join incomplete
        on
            gaps.entity_code = incomplete.entity_code
            and gaps.series_code = incomplete.series_code
    group by gaps.entity_code, gaps.series_code, gaps.year
),

final as (
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
    inner join incomplete as earlier
        on
            neighbours.entity_code = earlier.entity_code
            and neighbours.series_code = earlier.series_code
            and neighbours.year_before = earlier.year
    inner join incomplete as later
        on
            neighbours.entity_code = later.entity_code
            and neighbours.series_code = later.series_code
            and neighbours.year_after = later.year
)

select * from final
