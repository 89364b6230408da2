{#-
Coefficient of variation: v_j = s_j / mean_j,   w_j = v_j / sum_j v_j
over the pool, of the rescaled and shifted basis of proportions: min-max values, or the values themselves under vector and sum (their
scale cancels). A constant indicator has v = 0.
-#}
with

weight_columns as (
    select * from {{ ref('int_weight_columns') }}
    where weighting = 'coefficient_of_variation'
),

moments as (
    select
        column_key,
        stddev_samp(proportion_basis) as std_dev,
        avg(proportion_basis) as mean
    from {{ ref('int_pool_values') }}
    where is_in_pool
    group by column_key
),

variations as (
    select
        weight_columns.*,
        case
            when weight_columns.is_constant then 0
            else
                (weight_columns.range_high - weight_columns.range_low) * moments.std_dev
                / nullif({{ rescaled('moments.mean', 'weight_columns') }}, 0)
        end as variation
    from weight_columns
    inner join moments on weight_columns.column_key = moments.column_key
),

final as (
    select
        weight_key,
        weighting,
        column_key,
        {{ share_of_sum('variation', ['weight_key', 'index_code', 'pool_code'], 'column_key') }} as weight
    from variations
)

select * from final
