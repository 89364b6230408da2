{#- The entity-years of which an indicator rests on an imputed cell, per dimension of the index. -#}
with

final as (
    select distinct
        indicator_values.index_code,
        indicator_values.dimension_code,
        indicator_values.entity_code,
        indicator_values.year
    from {{ ref('int_indicator_values') }} as indicator_values
    -- Where nothing is imputed, this join is empty and no value is read.
    inner join {{ ref('int_indicator_ranges') }} as ranges
        on indicator_values.indicator_key = ranges.indicator_key and ranges.imputed_values > 0
    where indicator_values.is_imputed
)

select * from final
