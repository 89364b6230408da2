{#-
    x = numerator / denominator * multiplier      (without a denominator: numerator * multiplier)
    direction interval: d = max(best_low - x, x - best_high, 0), the distance to the best range, of which less is better
One row per value of the numerator in a year of the index. A missing or zero denominator leaves the indicator null;
a missing numerator leaves no row. What becomes of such an entity-year, the index says (int_index_rows).
-#}
with

indicators as (
    select
        indicators.*,
        indices.first_year,
        indices.last_year,
        indices.missing
    from {{ ref('stg_indicators') }} as indicators
    inner join {{ ref('stg_indices') }} as indices on indicators.index_code = indices.index_code
),

denominators as (
    select *
    from {{ ref('int_series_values') }}
    where series_code in (select indicators.denominator_series from indicators)
),

cells as (
    select
        indicators.best_low,
        indicators.best_high,
        indicators.indicator_key,
        indicators.dimension_key,
        indicators.index_code,
        indicators.dimension_code,
        indicators.indicator_code,
        indicators.direction,
        indicators.missing,
        numerators.entity_code,
        numerators.year,
        numerators.series_value as numerator,
        denominators.series_value as denominator,
        {{ quotient_of_series('indicators') }} as indicator_value,
        numerators.is_derived or coalesce(denominators.is_derived, false) as is_derived,
        numerators.is_imputed or coalesce(denominators.is_imputed, false) as is_imputed
    from {{ ref('int_series_values') }} as numerators
    inner join indicators on numerators.series_code = indicators.numerator_series
    left join denominators
        on
            indicators.denominator_series = denominators.series_code
            and numerators.entity_code = denominators.entity_code
            and numerators.year = denominators.year
    -- Without "is true" the engine joins by range, which takes twice as long.
    where (numerators.year between indicators.first_year and indicators.last_year) is true
),

final as (
    select
        indicator_key,
        dimension_key,
        index_code,
        dimension_code,
        indicator_code,
        case direction when 'interval' then 'negative' else direction end as direction,
        missing,
        entity_code,
        year,
        numerator,
        denominator,
        case
            when direction = 'interval' and indicator_value is not null
                then greatest(best_low - indicator_value, indicator_value - best_high, 0)
            else indicator_value
        end as indicator_value,
        is_derived,
        is_imputed
    from cells
)

select * from final
