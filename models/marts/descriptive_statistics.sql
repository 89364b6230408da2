with

final as (
    select
        variable_code,
        cast(count(value) as bigint) as observations,
        avg(value) as mean,
        stddev_samp(value) as std_dev,
        min(value) as min,
        percentile_cont(0.25) within group (order by value) as p25,
        median(value) as median,
        percentile_cont(0.75) within group (order by value) as p75,
        max(value) as max
    from {{ ref('panel_variables') }}
    group by variable_code
)

select * from final
