{#-
Every cell that an index or a variable needs and that has no value, observed, imputed or derived: which series, of which
entity, in which years. Values are counted first; only what is incomplete is searched.
    an index that stops              every entity in every year of the index
    an index that leaves rows out    the entity-years that have a value of some indicator
    a variable                       the entity-years, in its years, that have a value of some variable
-#}
with

entity_count as (
    select count(*) as entities from {{ ref('stg_entities') }}
),

incomplete_indicators as (
    select
        indicators.index_code,
        indicators.numerator_series,
        indicators.denominator_series,
        indices.missing,
        indices.first_year,
        indices.last_year
    from {{ ref('stg_indicators') }} as indicators
    inner join {{ ref('stg_indices') }} as indices on indicators.index_code = indices.index_code
    left join {{ ref('int_indicator_ranges') }} as ranges on indicators.indicator_key = ranges.indicator_key
    cross join entity_count
    where
        indices.missing != 'stop'
        or coalesce(ranges.entity_years, 0) < entity_count.entities * (indices.last_year - indices.first_year + 1)
),

incomplete_variables as (
    select
        variables.numerator_series,
        variables.denominator_series,
        variables.first_year,
        variables.last_year
    from {{ ref('stg_variables') }} as variables
    left join {{ ref('int_variable_ranges') }} as ranges on variables.variable_code = ranges.variable_code
    where
        coalesce(ranges.entity_years, 0)
        < (select max(all_ranges.entity_years) from {{ ref('int_variable_ranges') }} as all_ranges)
        and variables.numerator_series is not null
),

-- the series that may lack a cell; a large panel is not searched for the others
incomplete_series as (
    select numerator_series as series_code from incomplete_indicators
    union
    select denominator_series as series_code from incomplete_indicators
    union
    select numerator_series as series_code from incomplete_variables
    union
    select denominator_series as series_code from incomplete_variables
),

found_cells as (
    select
        series_code,
        entity_code,
        year
    from {{ ref('int_series_values') }}
    where series_code in (select incomplete_series.series_code from incomplete_series)
),

panel_rows as (
    select distinct
        entity_code,
        year
    from {{ ref('int_variable_values') }}
    where (select count(*) from incomplete_variables) > 0
),

needed as (
    select
        indicators.index_code as used_by,
        true as stops_the_build,
        indicators.numerator_series,
        indicators.denominator_series,
        spine.entity_code,
        spine.year
    from incomplete_indicators as indicators
    inner join {{ ref('int_spine') }} as spine
        on indicators.first_year <= spine.year and indicators.last_year >= spine.year
    where indicators.missing = 'stop'
    union all
    select
        indicators.index_code as used_by,
        false as stops_the_build,
        indicators.numerator_series,
        indicators.denominator_series,
        index_rows.entity_code,
        index_rows.year
    from incomplete_indicators as indicators
    inner join {{ ref('int_index_rows') }} as index_rows
        on indicators.index_code = index_rows.index_code and index_rows.values_missing > 0
    union all
    select
        'variables' as used_by,
        false as stops_the_build,
        variables.numerator_series,
        variables.denominator_series,
        panel_rows.entity_code,
        panel_rows.year
    from incomplete_variables as variables
    inner join panel_rows
        on
            panel_rows.year >= coalesce(variables.first_year, panel_rows.year)
            and panel_rows.year <= coalesce(variables.last_year, panel_rows.year)
),

needed_cells as (
    select used_by, stops_the_build, numerator_series as series_code, entity_code, year from needed
    union
    select used_by, stops_the_build, denominator_series as series_code, entity_code, year from needed
    where denominator_series is not null
),

missing as (
    select needed_cells.*
    from needed_cells
    left join found_cells as found
        on
            needed_cells.series_code = found.series_code
            and needed_cells.entity_code = found.entity_code
            and needed_cells.year = found.year
    where found.series_code is null
),

numbered as (
    select
        *,
        year - row_number() over (partition by used_by, series_code, entity_code order by year) as stretch
    from missing
),

stretches as (
    select
        used_by,
        stops_the_build,
        series_code,
        entity_code,
        stretch,
        count(*) as cells,
        min(year) as first_year,
        cast(min(year) as string)
        || case when count(*) > 1 then '-' || cast(max(year) as string) else '' end as years
    from numbered
    group by used_by, stops_the_build, series_code, entity_code, stretch
),

final as (
    select
        series_code,
        entity_code,
        used_by,
        {{ joined_text('years', ', ', 'first_year') }} as years,
        cast(sum(cells) as bigint) as cells,
        stops_the_build
    from stretches
    group by series_code, entity_code, used_by, stops_the_build
)

select * from final
