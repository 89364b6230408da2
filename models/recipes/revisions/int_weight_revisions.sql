{#-
    revision = what bounds and weights would be if they were estimated from this study's figures, less what is used
Without a frozen ruler the two are the same. Only the classical baseline has a ruler.
-#}
-- depends_on: {{ ref('problems_in_specs') }}
with

reestimated as (
    select
        pool_columns.index_code,
        pool_columns.indicator_code,
        pool_columns.minimum,
        pool_columns.maximum,
        weights.weight
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_weights') }} as weights on specs.weight_key = weights.weight_key
    inner join {{ ref('int_pool_columns') }} as pool_columns on weights.column_key = pool_columns.column_key
    inner join {{ ref('stg_specs') }} as baseline on specs.spec_code = baseline.spec_code
    where specs.is_baseline and baseline.is_classical
),

final as (
    select
        bounds.index_code,
        bounds.indicator_code,
        bounds.is_frozen,
        bounds.minimum,
        reestimated.minimum as reestimated_minimum,
        bounds.maximum,
        reestimated.maximum as reestimated_maximum,
        used.weight,
        reestimated.weight as reestimated_weight,
        reestimated.weight - used.weight as weight_revision
    from {{ ref('int_indicator_bounds') }} as bounds
    inner join {{ ref('int_entropy_weights') }} as used on bounds.indicator_key = used.indicator_key
    inner join reestimated
        on bounds.index_code = reestimated.index_code and bounds.indicator_code = reestimated.indicator_code
)

select * from final
