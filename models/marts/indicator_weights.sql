with

baseline as (
    select
        spec_code,
        pool
    from {{ ref('stg_specs') }}
    where is_baseline
),

final as (
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
    cross join baseline
)

select * from final
