{#-
Observed and interpolated cells.
    x_t = x_a + (x_b - x_a) * (t - a) / (b - a),   a < t < b the nearest observed years of the same entity
A blank before the first or after the last observed year of an entity stays missing: nothing is extrapolated.
Only gaps are searched, so that a complete panel costs one scan.
-#}
with

observed as (
    select
        entity_code,
        year,
        series_code,
        observed_value,
        note
    from {{ ref('stg_observations') }}
    where observed_value is not null and year is not null
),

extents as (
    select
        entity_code,
        series_code,
        min(year) as first_year,
        max(year) as last_year
    from observed
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
        gaps.year,
        max(case when observed.year < gaps.year then observed.year end) as year_before,
        min(case when observed.year > gaps.year then observed.year end) as year_after
    from gaps
    inner join observed
        on
            gaps.entity_code = observed.entity_code
            and gaps.series_code = observed.series_code
    group by gaps.entity_code, gaps.series_code, gaps.year
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
),

final as (
    select
        entity_code,
        year,
        series_code,
        observed_value as series_value,
        false as is_derived,
        false as is_imputed,
        note
    from observed
    union all
    select
        entity_code,
        year,
        series_code,
        series_value,
        false as is_derived,
        true as is_imputed,
        note
    from interpolated
)

select * from final
