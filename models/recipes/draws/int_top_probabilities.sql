{#- The share of draws in which an entity stands among the first k in the last year. -#}
with

counts as (
    select
        index_code,
        source,
        entity_code,
        rank,
        count(*) as times
    from {{ ref('int_last_ranks') }}
    group by index_code, source, entity_code, rank
),

entity_counts as (
    select
        index_code,
        count(distinct entity_code) as entity_count
    from counts
    group by index_code
),

places as (
    select
        entity_counts.index_code,
        numbers.number as k
    from entity_counts
    inner join {{ ref('int_numbers') }} as numbers on entity_counts.entity_count >= numbers.number
),

final as (
    select
        counts.index_code,
        counts.source,
        counts.entity_code,
        cast(places.k as integer) as k,
        cast(sum(case when counts.rank <= places.k then counts.times else 0 end) as double) / sum(counts.times)
            as probability
    from counts
    inner join places on counts.index_code = places.index_code
    group by counts.index_code, counts.source, counts.entity_code, places.k
)

select * from final
