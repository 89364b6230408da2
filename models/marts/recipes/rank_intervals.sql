with

intervals as (
    select
        source,
        row_key,
        cast(count(*) as integer) as draws,
        percentile_cont(0.025) within group (order by rank) as rank_low,
        percentile_cont(0.5) within group (order by rank) as rank_median,
        percentile_cont(0.975) within group (order by rank) as rank_high,
        min(rank) as rank_min,
        max(rank) as rank_max
    from {{ ref('int_rank_draws') }}
    group by source, row_key
),

matrix_rows as (
    select * from {{ ref('int_matrix_rows') }}
),

baseline as (
    select spec_code from {{ ref('specs') }}
    where is_baseline
),

final as (
    select
        matrix_rows.index_code,
        intervals.source,
        matrix_rows.entity_code,
        matrix_rows.year,
        intervals.draws,
        cast(intervals.rank_low as double) as rank_low,
        cast(intervals.rank_median as double) as rank_median,
        cast(intervals.rank_high as double) as rank_high,
        intervals.rank_min,
        intervals.rank_max,
        scores.rank as baseline_rank
    from intervals
    inner join matrix_rows on intervals.row_key = matrix_rows.row_key
    cross join baseline
    inner join {{ ref('spec_scores') }} as scores
        on
            baseline.spec_code = scores.spec_code
            and matrix_rows.index_code = scores.index_code
            and matrix_rows.entity_code = scores.entity_code
            and matrix_rows.year = scores.year
)

select * from final
