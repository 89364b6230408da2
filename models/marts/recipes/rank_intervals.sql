with

final as (
    select
        baseline.index_code,
        intervals.source,
        baseline.entity_code,
        baseline.year,
        intervals.draws,
        intervals.rank_low,
        intervals.rank_median,
        intervals.rank_high,
        intervals.rank_min,
        intervals.rank_max,
        baseline.rank as baseline_rank
    from {{ ref('int_rank_intervals') }} as intervals
    inner join {{ ref('int_baseline_ranks') }} as baseline on intervals.row_key = baseline.row_key
)

select * from final
