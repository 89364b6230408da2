{{ config(materialized='table') }}
{%- set row_name = "cells.entity_code || ' ' || cast(cells.year as string)" %}
{#-
The entity-years of the indices that leave incomplete ones out, and which are kept:
    drop rows        an entity-year with a value of every indicator
    drop entities    the same, where the entity has one in every year of the index
Rows that def_indices.csv names (without_rows: code and year) are left out as well. An entity-year without a value of any
indicator is not there to be left out. An index whose rule is `stop` has no row
here: its study is built only when nothing is missing.
-#}
with

indices as (
    select
        indices.index_code,
        indices.missing,
        indices.without_rows,
        indices.last_year - indices.first_year + 1 as years,
        count(*) as indicators
    from {{ ref('stg_indices') }} as indices
    inner join {{ ref('stg_indicators') }} as indicators on indices.index_code = indicators.index_code
    where indices.missing in ('drop rows', 'drop entities')
    group by indices.index_code, indices.missing, indices.without_rows, indices.first_year, indices.last_year
),

counted as (
    select
        cells.index_code,
        cells.entity_code,
        cells.year,
        indices.missing,
        coalesce({{ is_listed(row_name, 'indices.without_rows') }}, false) as is_named,
        indices.years,
        indices.indicators,
        count(case when abs(cells.indicator_value) < cast('infinity' as double) then 1 end) as values_found
    from {{ ref('int_indicator_cells') }} as cells
    inner join indices on cells.index_code = indices.index_code
    group by
        cells.index_code, cells.entity_code, cells.year, indices.missing, indices.without_rows, indices.years,
        indices.indicators
),

final as (
    select
        index_code,
        entity_code,
        year,
        values_found,
        indicators - values_found as values_missing,
        is_named,
        values_found = indicators
        and not is_named
        and (
            missing = 'drop rows'
            or count(case when values_found = indicators and not is_named then 1 end)
                over (partition by index_code, entity_code)
            = years
        ) as is_kept
    from counted
    where values_found > 0
)

select * from final
