{#-
Equal weights: w_j = 1 / m for the m indicators that vary in the pool. A constant indicator has weight 0.
-#}
with

counted as (
    select
        weight_key,
        weighting,
        column_key,
        case when is_constant then cast(0 as double) else cast(1 as double) end as varies,
        sum(case when is_constant then 0 else 1 end) over (partition by weight_key, index_code, pool_code) as varying
    from {{ ref('int_weight_columns') }}
    where weighting = 'equal'
),

final as (
    select
        weight_key,
        weighting,
        column_key,
        varies / nullif(varying, 0) as weight
    from counted
)

select * from final
