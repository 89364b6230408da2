-- depends_on: {{ ref('study_problems') }}
with

dropped as (
    select * from {{ ref('int_index_rows') }}
    where not is_kept
),

missing as (
    select
        dropped.index_code,
        dropped.entity_code,
        dropped.year,
        {{ joined_text('indicators.indicator_code', ', ', 'indicators.indicator_code') }} as missing_indicators
    from dropped
    inner join {{ ref('stg_indicators') }} as indicators on dropped.index_code = indicators.index_code
    left join {{ ref('int_indicator_cells') }} as cells
        on
            indicators.indicator_key = cells.indicator_key
            and dropped.entity_code = cells.entity_code
            and dropped.year = cells.year
            and abs(cells.indicator_value) < cast('infinity' as double)
    where cells.indicator_key is null
    group by dropped.index_code, dropped.entity_code, dropped.year
),

final as (
    select
        dropped.index_code,
        dropped.entity_code,
        dropped.year,
        case when dropped.is_named then 'without rows' else indices.missing end as rule,
        missing.missing_indicators
    from dropped
    inner join {{ ref('stg_indices') }} as indices on dropped.index_code = indices.index_code
    left join missing
        on
            dropped.index_code = missing.index_code
            and dropped.entity_code = missing.entity_code
            and dropped.year = missing.year
)

select * from final
