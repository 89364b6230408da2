{{ config(materialized='table') }}
{#-
How an indicator and another measure of it agree, over the cells in which both exist:
    correlation         Pearson, all cells
    rank_correlation    Spearman among the entities of a year, mean of the years with at least three entities
A common trend makes any two measures agree over the years, so ranks are compared within them.
-#}
with

cells as (
    select * from {{ ref('int_agreement_cells') }}
),

by_year as (
    select
        index_code,
        indicator_code,
        other_code,
        year,
        {{ rank_correlation('indicator_rank', 'other_rank') }} as rank_correlation
    from cells
    group by index_code, indicator_code, other_code, year
    having count(*) >= 3
),

ranks as (
    select
        index_code,
        indicator_code,
        other_code,
        round(avg(rank_correlation), 12) as rank_correlation,
        min(rank_correlation) as lowest_rank_correlation,
        max(rank_correlation) as highest_rank_correlation
    from by_year
    group by index_code, indicator_code, other_code
),

totals as (
    select
        index_code,
        indicator_code,
        other_code,
        min(year) as first_year,
        max(year) as last_year,
        cast(count(*) as bigint) as cells,
        cast(sum(cast(is_imputed as integer)) as bigint) as imputed_cells,
        case
            when min(indicator_value) < max(indicator_value) and min(other_value) < max(other_value)
                then round(corr(indicator_value, other_value), 12)  -- a sum in another order ends in other last bits
        end as correlation
    from cells
    group by index_code, indicator_code, other_code
),

-- who stands at the most different places in the last year
furthest as (
    select
        cells.index_code,
        cells.indicator_code,
        cells.other_code,
        cells.entity_code,
        cells.indicator_rank,
        cells.other_rank,
        row_number() over (
            partition by cells.index_code, cells.indicator_code, cells.other_code
            order by abs(cells.indicator_rank - cells.other_rank) desc, cells.entity_code
        ) as place
    from cells
    inner join totals
        on
            cells.index_code = totals.index_code
            and cells.indicator_code = totals.indicator_code
            and cells.other_code = totals.other_code
            and cells.year = totals.last_year
),

final as (
    select
        totals.index_code,
        totals.indicator_code,
        totals.other_code,
        agreements.name_zh,
        agreements.name_en,
        agreements.is_better,
        totals.first_year,
        totals.last_year,
        totals.cells,
        totals.imputed_cells,
        totals.correlation,
        ranks.rank_correlation,
        ranks.lowest_rank_correlation,
        ranks.highest_rank_correlation,
        furthest.entity_code as furthest_entity_code,
        furthest.indicator_rank as furthest_rank,
        furthest.other_rank as furthest_other_rank,
        agreements.note_zh,
        agreements.note_en
    from totals
    inner join {{ ref('int_compared_measures') }} as agreements
        on
            totals.index_code = agreements.index_code
            and totals.indicator_code = agreements.indicator_code
            and totals.other_code = agreements.other_code
    inner join furthest
        on
            totals.index_code = furthest.index_code
            and totals.indicator_code = furthest.indicator_code
            and totals.other_code = furthest.other_code
            and furthest.place = 1
    left join ranks
        on
            totals.index_code = ranks.index_code
            and totals.indicator_code = ranks.indicator_code
            and totals.other_code = ranks.other_code
)

select * from final
