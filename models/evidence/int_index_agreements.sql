{{ config(materialized='table', tags=['evidence']) }}
{#-
How two indices of the study agree over the rows that both score: Pearson over all rows, Spearman among the entities of a
year (mean of the years), and who moves most in the last year that both have.
-#}
with

scores as (
    select scores.index_code, scores.entity_code, scores.year, scores.score
    from {{ ref('int_index_scores') }} as scores
    inner join {{ ref('stg_indices') }} as indices on scores.index_code = indices.index_code
),

matched as (
    select
        ones.index_code,
        others.index_code as other_index_code,
        ones.entity_code,
        ones.year,
        ones.score,
        others.score as other_score
    from scores as ones
    inner join scores as others
        on
            ones.index_code != others.index_code
            and ones.entity_code = others.entity_code
            and ones.year = others.year
),

ranked as (
    select
        matched.*,
        {{ mean_rank('score', ['index_code', 'other_index_code', 'year']) }} as score_rank,
        {{ mean_rank('other_score', ['index_code', 'other_index_code', 'year']) }} as other_rank,
        max(year) over (partition by index_code, other_index_code) as last_year
    from matched
),

by_year as (
    select
        index_code,
        other_index_code,
        year,
        {{ rank_correlation('score_rank', 'other_rank') }} as rank_correlation
    from ranked
    group by index_code, other_index_code, year
    having count(*) >= 3
),

ranks as (
    select index_code, other_index_code, round(avg(rank_correlation), 12) as rank_correlation
    from by_year
    group by index_code, other_index_code
),

furthest as (
    select
        *,
        row_number() over (
            partition by index_code, other_index_code
            order by abs(score_rank - other_rank) desc, entity_code
        ) as place
    from ranked
    where year = last_year
),

totals as (
    select
        index_code,
        other_index_code,
        min(year) as first_year,
        max(year) as last_year,
        cast(count(*) as bigint) as score_rows,
        case
            when min(score) < max(score) and min(other_score) < max(other_score)
                then round(corr(score, other_score), 12)
        end as correlation
    from matched
    group by index_code, other_index_code
),

final as (
    select
        totals.index_code,
        totals.other_index_code,
        totals.first_year,
        totals.last_year,
        totals.score_rows,
        totals.correlation,
        ranks.rank_correlation,
        furthest.entity_code as furthest_entity_code,
        furthest.score_rank as furthest_rank,
        furthest.other_rank as furthest_other_rank
    from totals
    inner join furthest
        on
            totals.index_code = furthest.index_code
            and totals.other_index_code = furthest.other_index_code
            and furthest.place = 1
    left join ranks on totals.index_code = ranks.index_code and totals.other_index_code = ranks.other_index_code
)

select * from final
