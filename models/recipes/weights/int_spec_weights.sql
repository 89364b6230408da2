-- depends_on: {{ ref('problems_in_specs') }}
with

final as (
    select
        specs.spec_code,
        pool_columns.index_code,
        pool_columns.pool_code,
        pool_columns.indicator_code,
        weights.weight,
        {{ share_of_sum(
            'weights.weight * weights.weight',
            ['specs.spec_key', 'pool_columns.index_code', 'pool_columns.pool_code'],
            'pool_columns.column_key',
        ) }} as effective_weight
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_weights') }} as weights on specs.weight_key = weights.weight_key
    inner join {{ ref('int_pool_columns') }} as pool_columns on weights.column_key = pool_columns.column_key
    where specs.is_valid and pool_columns.has_recipes
)

select * from final
