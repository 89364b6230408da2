{#-
Entropy weights (Shannon), with p_ij = y_ij / S_j over the rows of the pool, y the shifted basis of proportions:
    e_j = (ln S_j - sum_i y_ij ln y_ij / S_j) / ln n,   d_j = 1 - e_j,   w_j = d_j / sum_j d_j
n is the number of rows of the pool. ln of the years or of the entities instead is a mistake in circulation, here to show
what it does. 0 ln 0 = 0; a constant indicator has d = 0.
-#}
with

weight_columns as (
    select * from {{ ref('int_weight_columns') }}
    where weighting in ('entropy', 'entropy_critic')
),

shifts as (
    select distinct
        column_key,
        shift
    from weight_columns
),

shifted as (
    select
        shifts.shift,
        pool_values.column_key,
        pool_values.proportion_basis + shifts.shift as basis
    from {{ ref('int_pool_values') }} as pool_values
    inner join shifts on pool_values.column_key = shifts.column_key
    where pool_values.is_in_pool
),

sums as (
    select
        column_key,
        shift,
        sum(basis) as total,
        sum({{ entropy_term('basis') }}) as total_log
    from shifted
    group by column_key, shift
),

divergences as (
    select
        weight_columns.*,
        case
            when weight_columns.is_constant or not sums.total > 0 then 0
            else 1 - {{ entropy('sums.total', 'sums.total_log', 'weight_columns.divisor_count') }}
        end as divergence
    from weight_columns
    inner join sums on weight_columns.column_key = sums.column_key and weight_columns.shift = sums.shift
),

final as (
    select
        weight_key,
        weighting,
        column_key,
        {{ share_of_sum('divergence', ['weight_key', 'index_code', 'pool_code'], 'column_key') }} as weight
    from divergences
)

select * from final
