{#-
The values that are scored: those of the entity-years that their index keeps, held between the limits of an index that
winsorises.
-#}
with

final as (
    select
        cells.indicator_key,
        cells.dimension_key,
        cells.index_code,
        cells.dimension_code,
        cells.indicator_code,
        cells.direction,
        cells.entity_code,
        cells.year,
        cells.numerator,
        cells.denominator,
        case
            when limits.indicator_key is null or cells.indicator_value is null then cells.indicator_value
            else least(greatest(cells.indicator_value, limits.lowest), limits.highest)
        end as indicator_value,
        cells.is_derived,
        cells.is_imputed
    from {{ ref('int_indicator_cells') }} as cells
    left join {{ ref('int_index_rows') }} as index_rows
        on
            cells.index_code = index_rows.index_code
            and cells.entity_code = index_rows.entity_code
            and cells.year = index_rows.year
    left join {{ ref('int_winsor_limits') }} as limits on cells.indicator_key = limits.indicator_key
    where cells.missing = 'stop' or index_rows.is_kept
)

select * from final
