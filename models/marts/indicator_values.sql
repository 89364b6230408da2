with

final as (
    select
        normalized_values.index_code,
        normalized_values.entity_code,
        normalized_values.year,
        normalized_values.indicator_code,
        normalized_values.indicator_value,
        normalized_values.normalized_value,
        weights.weight,
        weights.weight * normalized_values.normalized_value as weighted_value,
        normalized_values.numerator,
        normalized_values.denominator,
        normalized_values.is_derived,
        normalized_values.is_imputed
    from {{ ref('int_normalized_values') }} as normalized_values
    inner join {{ ref('int_entropy_weights') }} as weights
        on normalized_values.indicator_key = weights.indicator_key
)

select * from final
