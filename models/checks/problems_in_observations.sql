{#-
What is wrong with the cells of raw_observations, one row per finding: text that is no plain number, a year that is
none, a code that no file defines, a cell given twice, an entity-year of an index without any observation.
-#}
with

observations as (
    select
        observations.*,
        'entity_code=' || coalesce(entity_code, '(blank)')
        || ', year=' || coalesce(cast(year as string), year_text, '(blank)')
        || ', series_code=' || coalesce(series_code, '(blank)') as row_key
    from {{ ref('stg_observations') }} as observations
),

not_a_number as (
    select
        row_key,
        'observed_value ''' || observed_text || ''' is not a plain number. Write digits with a decimal point and no '
        || 'thousands separator; leave the cell blank if there is no figure, write 0 if it is zero.' as problem
    from observations
    where observed_text is not null and observed_value is null
),

not_a_year as (
    select row_key, 'year is not a whole number.' as problem
    from observations
    where year is null
),

index_span as (
    select
        min(first_year) as first_year,
        max(last_year) as last_year
    from {{ ref('stg_indices') }}
),

implausible_years as (
    select
        observations.row_key,
        'year lies more than 100 years away from the index. Correct the year.' as problem
    from observations
    cross join index_span
    where observations.year < index_span.first_year - 100 or observations.year > index_span.last_year + 100
),

unknown_entities as (
    select observations.row_key, 'entity_code is not in def_entities.csv.' as problem
    from observations
    left join {{ ref('stg_entities') }} as entities on observations.entity_code = entities.entity_code
    where entities.entity_code is null
),

unknown_series as (
    select observations.row_key, 'series_code is not in def_series.csv.' as problem
    from observations
    left join {{ ref('stg_series') }} as series on observations.series_code = series.series_code
    where series.series_code is null
),

repeated_cells as (
    select
        row_key,
        'stands ' || cast(count(*) as string) || ' times. Keep the right one.' as problem
    from observations
    group by row_key
    having count(*) > 1
),

observed_entity_years as (
    select
        entity_code,
        year,
        count(observed_value) as cells
    from observations
    group by entity_code, year
),

index_entity_years as (
    select distinct
        spine.entity_code,
        spine.year
    from {{ ref('int_spine') }} as spine
    inner join {{ ref('stg_indices') }} as indices on spine.year between indices.first_year and indices.last_year
),

missing_entity_years as (
    select
        'entity_code=' || spine.entity_code || ', year=' || cast(spine.year as string) as row_key,
        'has no observation of any series. A whole entity-year is never imputed: add its rows or shorten the index.'
            as problem
    from index_entity_years as spine
    left join observed_entity_years as observed
        on spine.entity_code = observed.entity_code and spine.year = observed.year
    where coalesce(observed.cells, 0) = 0
),

final as (
    select * from not_a_number
    union all
    select * from not_a_year
    union all
    select * from implausible_years
    union all
    select * from unknown_entities
    union all
    select * from unknown_series
    union all
    select * from repeated_cells
    union all
    select * from missing_entity_years
)

select * from final
