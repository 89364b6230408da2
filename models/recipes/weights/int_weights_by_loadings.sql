{{ config(materialized='ephemeral') }}
{#-
Squared loadings on the first principal component of the correlation matrix R of the indicators kept:
    w_j = a_j^2,   R a = l a,   sum_j a_j^2 = 1,   l the largest eigenvalue
R^m / trace(R^m) tends to a a' as m grows; squaring twelve times gives m = 4096. The diagonal is the weight, a square:
below 0 only by rounding, and then 0. A constant indicator takes no part and has weight 0.
-#}
with

weight_columns as (
    select * from {{ ref('int_weight_columns') }}
    where weighting = 'pca'
),

matrices as (
    select distinct
        left_out,
        pool,
        pool_code,
        index_code
    from weight_columns
),

numbered as (
    select
        matrices.*,
        cast(row_number() over (order by left_out, pool, pool_code, index_code) as integer) as matrix_key
    from matrices
),

correlation_matrices as (
    select
        numbered.matrix_key,
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
),

powers as (
    select * from {{ squared_matrices('correlation_matrices', 12) }}
),

final as (
    select
        weight_columns.weight_key,
        weight_columns.weighting,
        weight_columns.column_key,
        greatest(coalesce(powers.element, 0), 0) as weight
    from weight_columns
    inner join numbered
        on
            weight_columns.left_out = numbered.left_out
            and weight_columns.pool = numbered.pool
            and weight_columns.pool_code = numbered.pool_code
            and weight_columns.index_code = numbered.index_code
    left join powers
        on
            numbered.matrix_key = powers.matrix_key
            and weight_columns.indicator_key = powers.indicator_key
            and powers.indicator_key = powers.other_indicator_key
)

select * from final
