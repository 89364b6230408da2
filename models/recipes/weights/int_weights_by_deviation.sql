{#-
Standard deviations: w_j = s_j / sum_j s_j
over the pool, of the normalized values, with n - 1 in s. A constant indicator has s = 0.
-#}
with

weight_columns as (
    select * from {{ ref('int_weight_columns') }}
    where weighting = 'standard_deviation'
),

moments as (
    select
        column_key,
        stddev_samp(normalized_value) as std_dev
    from {{ ref('int_pool_values') }}
    where is_in_pool
    group by column_key
),

deviations as (
    select
        weight_columns.*,
        case when weight_columns.is_constant then 0 else moments.std_dev end as deviation
    from weight_columns
    inner join moments on weight_columns.column_key = moments.column_key
),

final as (
    select
        weight_key,
        weighting,
        column_key,
        {{ share_of_sum('deviation', ['weight_key', 'index_code', 'pool_code'], 'column_key') }} as weight
    from deviations
)

select * from final
