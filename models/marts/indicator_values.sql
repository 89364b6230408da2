-- depends_on: {{ ref('int_entropy_weights') }}
with

normalized_values as (
    select * from {{ ref('int_normalized_values') }}
),

scored_values as (
    {% if baseline_is_classical() %}
        select
            normalized_values.*,
            weights.weight,
            normalized_values.normalized_value as scored_value
        from normalized_values
        inner join {{ ref('int_entropy_weights') }} as weights
            on normalized_values.indicator_key = weights.indicator_key
    {% else %}
        select
            normalized_values.*,
            baseline_values.weight,
            baseline_values.scored_value
        from normalized_values
        inner join {{ ref('int_matrix_rows') }} as matrix_rows
            on
                normalized_values.index_code = matrix_rows.index_code
                and normalized_values.entity_code = matrix_rows.entity_code
                and normalized_values.year = matrix_rows.year
        inner join {{ ref('int_baseline_values') }} as baseline_values
            on
                matrix_rows.row_key = baseline_values.row_key
                and normalized_values.indicator_code = baseline_values.indicator_code
    {% endif %}
),

final as (
    select
        index_code,
        entity_code,
        year,
        indicator_code,
        indicator_value,
        scored_value as normalized_value,
        weight,
        weight * scored_value as weighted_value,
        numerator,
        denominator,
        is_derived,
        is_imputed
    from scored_values
)

select * from final
