{#-
    minimum_j = min x_ij,   maximum_j = max x_ij   over all entity-years of the index (one pool)
and how many values there are, from one scan: checks, bounds and definitions need no other.
-#}
with

final as (
    select
        indicators.index_code,
        indicators.dimension_code,
        indicators.indicator_code,
        ranges.*
    from {{ by_row_or_cell(ref('int_ranges_by_row'), ref('int_ranges_by_cell')) }} as ranges
    inner join {{ ref('stg_indicators') }} as indicators on ranges.indicator_key = indicators.indicator_key
)

select * from final
