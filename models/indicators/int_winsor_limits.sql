{{ config(materialized='table') }}
{#-
Where an index winsorises by the share p, each of its indicators is held between its quantiles p and 1 - p over the rows that
the index keeps:
    h = (n - 1) q,   x_q = x_(k) + (h - floor h) (x_(k+1) - x_(k)),   k = floor h + 1      (linear, type 7 of Hyndman and Fan)
-#}
with

kept as (
    select
        cells.indicator_key,
        cells.indicator_value,
        indices.winsorise,
        row_number() over (partition by cells.indicator_key order by cells.indicator_value) as place,
        count(*) over (partition by cells.indicator_key) as places
    from {{ ref('int_indicator_cells') }} as cells
    inner join {{ ref('stg_indices') }} as indices on cells.index_code = indices.index_code
    left join {{ ref('int_index_rows') }} as index_rows
        on
            cells.index_code = index_rows.index_code
            and cells.entity_code = index_rows.entity_code
            and cells.year = index_rows.year
    where
        indices.winsorise is not null
        and abs(cells.indicator_value) < cast('infinity' as double)
        and (cells.missing = 'stop' or index_rows.is_kept)
),

-- how near a value is to the place of the quantile: 1 at it, 0 one place away
weighed as (
    select
        indicator_key,
        indicator_value,
        greatest(0, 1 - abs(place - 1 - (places - 1) * winsorise)) as at_lowest,
        greatest(0, 1 - abs(place - 1 - (places - 1) * (1 - winsorise))) as at_highest
    from kept
),

final as (
    select
        indicator_key,
        sum(case when at_lowest > 0 then indicator_value * at_lowest end) as lowest,
        sum(case when at_highest > 0 then indicator_value * at_highest end) as highest
    from weighed
    group by indicator_key
)

select * from final
