with

final as (
    select
        indicator_values.index_code,
        indicator_values.entity_code,
        indicator_values.year,
        indicator_values.indicator_code,
        indicator_values.indicator_value,
        normalized_values.normalized_value,
        weights.weight,
        weights.weight * normalized_values.normalized_value as weighted_value,
        indicator_values.numerator,
        indicator_values.denominator,
        indicator_values.is_derived,
        indicator_values.is_imputed
    from {{ ref('int_indicator_values') }} as indicator_values
    inner join {{ ref('int_normalized_values') }} as normalized_values
        on
            indicator_values.index_code = normalized_values.index_code
            and indicator_values.indicator_code = normalized_values.indicator_code
            and indicator_values.entity_code = normalized_values.entity_code
            and indicator_values.year = normalized_values.year
    inner join {{ ref('int_entropy_weights') }} as weights
        on
            indicator_values.index_code = weights.index_code
            and indicator_values.indicator_code = weights.indicator_code
)

select * from final
