{#-
    x = numerator / denominator * multiplier      (without a denominator: numerator * multiplier)
One row per indicator, entity and year of the index, whether or not the value exists: a missing or zero input
leaves it null, and the checks name it.
-#}
with

series_values as (
    select * from {{ ref('int_series_values') }}
),

grid as (
    select
        indicators.index_code,
        indicators.dimension_code,
        indicators.indicator_code,
        indicators.direction,
        indicators.multiplier,
        indicators.numerator_series,
        indicators.denominator_series,
        spine.entity_code,
        spine.year
    from {{ ref('stg_indicators') }} as indicators
    inner join {{ ref('stg_indices') }} as indices
        on indicators.index_code = indices.index_code
    inner join {{ ref('int_spine') }} as spine
        on spine.year between indices.first_year and indices.last_year
),

final as (
    select
        grid.index_code,
        grid.dimension_code,
        grid.indicator_code,
        grid.direction,
        grid.entity_code,
        grid.year,
        numerators.series_value as numerator,
        denominators.series_value as denominator,
        case
            when grid.denominator_series is null then numerators.series_value * grid.multiplier
            else numerators.series_value / nullif(denominators.series_value, 0) * grid.multiplier
        end as indicator_value,
        coalesce(numerators.is_derived, false) or coalesce(denominators.is_derived, false) as is_derived,
        coalesce(numerators.is_imputed, false) or coalesce(denominators.is_imputed, false) as is_imputed
    from grid
    left join series_values as numerators
        on
            grid.numerator_series = numerators.series_code
            and grid.entity_code = numerators.entity_code
            and grid.year = numerators.year
    left join series_values as denominators
        on
            grid.denominator_series = denominators.series_code
            and grid.entity_code = denominators.entity_code
            and grid.year = denominators.year
)

select * from final
