{#- The correlation matrices whose first principal component gives weights: one per pool and indicator left out. -#}
with

matrices as (
    select distinct
        left_out,
        pool,
        pool_code,
        index_code
    from {{ ref('int_weight_columns') }}
    where weighting = 'pca'
),

numbered as (
    select
        matrices.*,
        cast(row_number() over (order by left_out, pool, pool_code, index_code) as integer) as matrix_key
    from matrices
),

final as (
    select
        numbered.matrix_key,
        numbered.left_out,
        numbered.pool,
        numbered.pool_code,
        numbered.index_code,
        correlations.indicator_key,
        correlations.other_indicator_key,
        correlations.correlation as element
    from numbered
    inner join {{ ref('int_correlations') }} as correlations
        on
            numbered.pool = correlations.pool
            and numbered.pool_code = correlations.pool_code
            and numbered.index_code = correlations.index_code
            and numbered.left_out not in (correlations.indicator_code, correlations.other_indicator_code)
)

select * from final
