{#-
What the baseline weighs and with which weight, of a recipe other than the classical one. Where each year is a pool of its own,
the pool is the year.
    effective weight  w_j^2 / sum_j w_j^2   in TOPSIS, whose distances carry squared weights; else there is none
-#}
with

final as (
    select
        specs.spec_code,
        pool_columns.index_code,
        case pool_columns.pool when 'per_year' then pool_columns.pool_code else pool_columns.pool end as pool,
        pool_columns.indicator_code,
        indicators.dimension_code,
        cast(pool_columns.pool_row_count as bigint) as entity_years,
        pool_columns.minimum,
        pool_columns.maximum,
        1 - weights.divergence as entropy,
        weights.divergence,
        weights.weight,
        case
            when specs.aggregation = 'topsis'
                then {{ share_of_sum(
                    'weights.weight * weights.weight',
                    ['pool_columns.index_code', 'pool_columns.pool_code'],
                    'pool_columns.column_key',
                ) }}
        end as effective_weight,
        pool_columns.is_constant,
        false as is_frozen
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_weights') }} as weights on specs.weight_key = weights.weight_key
    inner join {{ ref('int_pool_columns') }} as pool_columns on weights.column_key = pool_columns.column_key
    inner join {{ ref('stg_indicators') }} as indicators
        on
            pool_columns.index_code = indicators.index_code
            and pool_columns.indicator_code = indicators.indicator_code
    where specs.is_baseline
)

select * from final
