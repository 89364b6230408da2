{#- How far the rank of an entity-year moves over the draws of a source; draw 0 is the sample itself and no draw. -#}
with

final as (
    select
        source,
        row_key,
        cast(count(*) as integer) as draws,
        cast(percentile_cont(0.025) within group (order by rank) as double) as rank_low,
        cast(percentile_cont(0.5) within group (order by rank) as double) as rank_median,
        cast(percentile_cont(0.975) within group (order by rank) as double) as rank_high,
        min(rank) as rank_min,
        max(rank) as rank_max
    from {{ ref('int_rank_draws') }}
    where draw > 0
    group by source, row_key
)

select * from final
