{#-
How sure is a rank? From each source of doubt: other ways of building the index, other weights, other entities, one
indicator less; and how likely is a place among the first three in the last year.
dbt show --select rank_interval_of_an_entity --limit 20 --vars '{entity: "11", year: 2022}'
-#}
with

asked as (
    select
        {{ asked_code('entity', 'min(entity_code)') }} as entity_code,
        {{ asked_year('year', 'max(year)') }} as year
    from {{ ref('rank_intervals') }}
)

select
    intervals.index_code,
    intervals.entity_code,
    intervals.year,
    intervals.source,
    intervals.baseline_rank,
    intervals.rank_low,
    intervals.rank_median,
    intervals.rank_high,
    intervals.draws,
    top_three.probability as in_top_three_of_last_year
from {{ ref('rank_intervals') }} as intervals
inner join asked on intervals.entity_code = asked.entity_code and intervals.year = asked.year
left join {{ ref('top_probabilities') }} as top_three
    on
        intervals.index_code = top_three.index_code
        and intervals.source = top_three.source
        and intervals.entity_code = top_three.entity_code
        and top_three.k = 3
order by intervals.index_code, intervals.source
