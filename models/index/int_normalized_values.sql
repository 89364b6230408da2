{#-
    z = (x - min) / (max - min)   when more is better,   z = (max - x) / (max - min)   when less is better
    v = 1 - z, computed without that subtraction, which would lose digits near the ideal
A constant indicator (max = min but for rounding) separates nobody: z = v = 0. Under a frozen ruler min and max are the
stored ones, and x is held between them.
-#}
{%- set x = held('indicator_values.indicator_value', 'bounds.minimum', 'bounds.maximum') %}
with

final as (
    select
        indicator_values.indicator_key,
        indicator_values.dimension_key,
        indicator_values.index_code,
        indicator_values.dimension_code,
        indicator_values.indicator_code,
        indicator_values.entity_code,
        indicator_values.year,
        indicator_values.direction,
        indicator_values.indicator_value,
        indicator_values.numerator,
        indicator_values.denominator,
        indicator_values.is_derived,
        indicator_values.is_imputed,
        case
            when bounds.is_constant then cast(0 as double)
            else {{ min_max(x, 'bounds.minimum', 'bounds.maximum', 'indicator_values.direction') }}
        end as normalized_value,
        case
            when bounds.is_constant then cast(0 as double)
            else {{ shortfall(x, 'bounds.minimum', 'bounds.maximum', 'indicator_values.direction') }}
        end as shortfall
    from {{ ref('int_indicator_values') }} as indicator_values
    inner join {{ ref('int_indicator_bounds') }} as bounds
        on indicator_values.indicator_key = bounds.indicator_key
)

select * from final
