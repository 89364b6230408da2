{#-
CRITIC (Diakoulaki, Mavrotas and Papayannakis, Computers and Operations Research 22, 1995):
    c_j = s_j sum_k (1 - r_jk),   w_j = c_j / sum_j c_j
s_j is the standard deviation of the normalized values over the pool, r_jk the signed correlation with each indicator that
is kept, as if both counted up where the direction is ignored. Published with min-max values, so that is CRITIC proper. A constant indicator has c = 0 and takes no part.
-#}
with

weight_columns as (
    select * from {{ ref('int_weight_columns') }}
    where weighting in ('critic', 'entropy_critic')
),

deviations as (
    select
        column_key,
        stddev_samp(normalized_value) as std_dev
    from {{ ref('int_pool_values') }}
    where is_in_pool
    group by column_key
),

conflicts as (
    select
        weight_columns.weight_key,
        weight_columns.column_key,
        sum(
            1
            - case when weight_columns.is_unturned and correlations.are_opposed then -1 else 1 end
            * correlations.correlation
        ) as conflict
    from weight_columns
    inner join {{ ref('int_correlations') }} as correlations
        on
            weight_columns.pool = correlations.pool
            and weight_columns.pool_code = correlations.pool_code
            and weight_columns.indicator_key = correlations.indicator_key
            and weight_columns.left_out != correlations.other_indicator_code
    group by weight_columns.weight_key, weight_columns.column_key
),

contents as (
    select
        weight_columns.weight_key,
        weight_columns.weighting,
        weight_columns.column_key,
        weight_columns.index_code,
        weight_columns.pool_code,
        coalesce(deviations.std_dev * conflicts.conflict, 0) as information
    from weight_columns
    inner join deviations on weight_columns.column_key = deviations.column_key
    left join conflicts
        on weight_columns.weight_key = conflicts.weight_key and weight_columns.column_key = conflicts.column_key
),

final as (
    select
        weight_key,
        weighting,
        column_key,
        {{ share_of_sum('information', ['weight_key', 'index_code', 'pool_code'], 'column_key') }} as weight
    from contents
)

select * from final
