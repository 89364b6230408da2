{#-
    revision = what bounds and weights would be if they were estimated from this study's figures, less what is used
Without a frozen ruler the two are the same.
-#}
with

used as (
    select * from {{ ref('indicator_weights') }}
),

bounds as (
    select * from {{ ref('int_pool_columns') }}
    where pool = 'all_years' and normalization = 'min_max'
),

final as (
    select
        used.index_code,
        used.indicator_code,
        used.is_frozen,
        used.minimum,
        bounds.minimum as reestimated_minimum,
        used.maximum,
        bounds.maximum as reestimated_maximum,
        used.weight,
        weights.weight as reestimated_weight,
        weights.weight - used.weight as weight_revision
    from used
    inner join bounds
        on used.index_code = bounds.index_code and used.indicator_code = bounds.indicator_code
    inner join {{ ref('spec_weights') }} as weights
        on
            used.spec_code = weights.spec_code
            and used.index_code = weights.index_code
            and used.indicator_code = weights.indicator_code
)

select * from final
