-- depends_on: {{ ref('problems_in_specs') }}
-- depends_on: {{ ref('int_indicator_bounds') }}
-- depends_on: {{ ref('int_entropy_weights') }}
with

final as (
    {% if baseline_is_classical() %}
        select
            baseline.spec_code,
            bounds.index_code,
            baseline.pool,
            bounds.indicator_code,
            bounds.dimension_code,
            bounds.entity_years,
            bounds.minimum,
            bounds.maximum,
            weights.entropy,
            weights.divergence,
            weights.weight,
            weights.effective_weight,
            bounds.is_constant,
            bounds.is_frozen
        from {{ ref('int_indicator_bounds') }} as bounds
        inner join {{ ref('int_entropy_weights') }} as weights
            on bounds.index_code = weights.index_code and bounds.indicator_code = weights.indicator_code
        inner join {{ ref('stg_specs') }} as baseline on baseline.is_baseline
    {% else %}
        select
            spec_code,
            index_code,
            pool,
            indicator_code,
            dimension_code,
            entity_years,
            minimum,
            maximum,
            entropy,
            divergence,
            weight,
            effective_weight,
            is_constant,
            is_frozen
        from {{ ref('int_baseline_weights') }}
    {% endif %}
)

select * from final
