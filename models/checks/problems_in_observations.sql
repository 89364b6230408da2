{#-
What is wrong with the observed cells, one row per finding: text that is no plain number, a year that is none, a code
that no file defines, a cell given twice, an entity-year of an index without any observation.
A panel of many millions of cells is read a few times and never sorted. A cell given twice is looked for only in
entity-years with more cells than series: each series has a bit of its own, and the bits of an entity-year count them.
-#}
with

index_span as (
    select
        min(first_year) as first_year,
        max(last_year) as last_year
    from {{ ref('stg_indices') }}
),

numbered_series as (
    select
        series_code,
        row_number() over (order by series_code) - 1 as number
    from (select distinct series_code from {{ ref('stg_series') }}) as series
),

series_bits as (
    select
        series_code,
        floor(number / 60) as block,
        cast(power(2, number % 60) as bigint) as bit
    from numbered_series
),

entity_years as (
    select
        observations.entity_code,
        observations.year,
        series_bits.block,
        count(observations.observed_value) as figures,
        count(series_bits.bit) > bit_count(bit_or(series_bits.bit)) as has_repeated_cells
    from {{ ref('stg_observations') }} as observations
    left join series_bits on observations.series_code = series_bits.series_code
    group by observations.entity_code, observations.year, series_bits.block
),

repeated_cells as (
    select
        observations.entity_code,
        observations.year,
        observations.series_code,
        count(*) as times
    from {{ ref('stg_observations') }} as observations
    inner join series_bits on observations.series_code = series_bits.series_code
    inner join entity_years
        on
            observations.entity_code = entity_years.entity_code
            and observations.year = entity_years.year
            and series_bits.block = entity_years.block
    where entity_years.has_repeated_cells
    group by observations.entity_code, observations.year, observations.series_code
    having count(*) > 1
),

unknown_entities as (
    select distinct coalesce(entity_years.entity_code, '(blank)') as entity_code
    from entity_years
    left join {{ ref('stg_entities') }} as entities on entity_years.entity_code = entities.entity_code
    where entities.entity_code is null
),

faulty_cells as (
    select
        coalesce(observations.entity_code, '(blank)') as entity_code,
        coalesce(cast(observations.year as string), observations.year_text, '(blank)') as year,
        coalesce(observations.series_code, '(blank)') as series_code,
        observations.observed_text,
        observations.observed_value is null and observations.observed_text is not null as is_not_a_number,
        {{ is_another_time('observations.year', 'observations.year_text') }} as is_another_time,
        observations.year is null as is_not_a_year,
        observations.year < index_span.first_year - 100 or observations.year > index_span.last_year + 100
            as is_far_away,
        unknown_entities.entity_code is not null as has_unknown_entity,
        series_bits.bit is null as has_unknown_series
    from {{ ref('stg_observations') }} as observations
    cross join index_span
    left join unknown_entities on coalesce(observations.entity_code, '(blank)') = unknown_entities.entity_code
    left join series_bits on observations.series_code = series_bits.series_code
    where
        (observations.observed_value is null and observations.observed_text is not null)
        or observations.year is null
        or observations.year < index_span.first_year - 100
        or observations.year > least(index_span.last_year + 100, 9999)
        or unknown_entities.entity_code is not null
        or series_bits.bit is null
),

faults as (
    select *, 'cell_is_no_number' as reason, observed_text as value, cast(null as string) as unknown_code
    from faulty_cells
    where is_not_a_number
    union all
    select *, 'time_finer_than_a_year' as reason, year as value, 'time' as unknown_code
    from faulty_cells
    where is_another_time
    union all
    select *, 'year_is_no_year' as reason, year as value, cast(null as string) as unknown_code
    from faulty_cells
    where is_not_a_year and not is_another_time
    union all
    select *, 'year_far_away' as reason, year as value, cast(null as string) as unknown_code
    from faulty_cells
    where is_far_away and not is_another_time
    union all
    select *, 'entity_not_defined' as reason, entity_code as value, entity_code as unknown_code
    from faulty_cells
    where has_unknown_entity
    union all
    select *, 'series_not_defined' as reason, series_code as value, series_code as unknown_code
    from faulty_cells
    where has_unknown_series
),

named_cells as (
    select
        reason,
        'entity_code=' || entity_code || ', year=' || year || ', series_code=' || series_code as row_key,
        value,
        unknown_code
    from faults
),

missing_entity_years as (
    select
        spine.entity_code,
        spine.year
    from {{ ref('int_spine') }} as spine
    left join entity_years
        on spine.entity_code = entity_years.entity_code and spine.year = entity_years.year and entity_years.figures > 0
    where
        entity_years.entity_code is null
        and exists (
            select 1 from {{ ref('stg_indices') }} as indices
            where spine.year between indices.first_year and indices.last_year and indices.missing = 'stop'
        )
),

final as (
    select
        reason,
        min(row_key) as row_key,
        min(value) as value,
        count(*) - 1 as more
    from named_cells
    group by reason, coalesce(unknown_code, row_key || coalesce(value, ''))
    union all
    select
        'cell_repeated' as reason,
        'entity_code=' || entity_code || ', year=' || cast(year as string) || ', series_code=' || series_code
            as row_key,
        cast(times as string) as value,
        0 as more
    from repeated_cells
    union all
    select
        'entity_year_empty' as reason,
        'entity_code=' || entity_code || ', year=' || cast(min(year) as string) as row_key,
        cast(null as string) as value,
        count(*) - 1 as more
    from missing_entity_years
    group by entity_code
)

select * from final
