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
        matrix_key,
        left_out,
        pool,
        pool_code,
        index_code
    from {{ ref('int_correlation_matrices') }}
),

final as (
    select
        weight_columns.weight_key,
        weight_columns.weighting,
        weight_columns.column_key,
        greatest(coalesce(powers.element, 0), 0) as weight
    from weight_columns
    left join matrices
        on
            weight_columns.left_out = matrices.left_out
            and weight_columns.pool = matrices.pool
            and weight_columns.pool_code = matrices.pool_code
            and weight_columns.index_code = matrices.index_code
    left join {{ ref('int_matrix_powers') }} as powers
        on
            matrices.matrix_key = powers.matrix_key
            and weight_columns.indicator_key = powers.indicator_key
            and powers.indicator_key = powers.other_indicator_key
)

select * from final
