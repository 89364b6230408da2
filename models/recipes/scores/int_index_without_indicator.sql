{#-
The baseline without one indicator beside the baseline itself: the correlation of their scores over all rows, and the mean over
the years of that of their ranks among the entities of a year.
-#}
with

specs as (
    select * from {{ ref('int_specs') }}
    where is_valid
),

alone as (
    select
        others.left_out as indicator_code,
        min(others.spec_code) as spec_code
    from specs as baseline
    inner join specs as others
        on baseline.whole_key = others.whole_key and baseline.left_out != others.left_out
    where baseline.is_baseline
    group by others.left_out
),

scores as (
    select
        matrix_rows.index_code,
        matrix_rows.entity_code,
        matrix_rows.year,
        alone.indicator_code,
        alone.spec_code,
        scores.score,
        baseline.score as baseline_score
    from alone
    inner join specs on alone.spec_code = specs.spec_code
    inner join {{ ref('int_spec_scores') }} as scores on specs.spec_key = scores.spec_key
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on scores.row_key = matrix_rows.row_key
    inner join {{ ref('stg_indicators') }} as indicators
        on
            matrix_rows.index_code = indicators.index_code
            and alone.indicator_code = indicators.indicator_code
    inner join {{ ref('int_baseline_ranks') }} as baseline on scores.row_key = baseline.row_key
),

ranked as (
    select
        *,
        {{ mean_rank('score', ['index_code', 'indicator_code', 'year']) }} as score_rank,
        {{ mean_rank('baseline_score', ['index_code', 'indicator_code', 'year']) }} as baseline_rank
    from scores
),

by_year as (
    select
        index_code,
        indicator_code,
        year,
        {{ rank_correlation('score_rank', 'baseline_rank') }} as rank_correlation
    from ranked
    group by index_code, indicator_code, year
    having count(*) >= 3
),

ranks as (
    select
        index_code,
        indicator_code,
        round(avg(rank_correlation), 12) as rank_correlation
    from by_year
    group by index_code, indicator_code
),

totals as (
    select
        index_code,
        indicator_code,
        spec_code,
        case
            when min(score) < max(score) and min(baseline_score) < max(baseline_score)
                then round(corr(score, baseline_score), 12)
        end as correlation
    from scores
    group by index_code, indicator_code, spec_code
),

final as (
    select
        totals.index_code,
        totals.indicator_code,
        totals.spec_code,
        totals.correlation,
        ranks.rank_correlation
    from totals
    left join ranks on totals.index_code = ranks.index_code and totals.indicator_code = ranks.indicator_code
)

select * from final
