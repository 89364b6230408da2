{#- The draws of the last year, for the entities that lead it in the baseline, as many as `compared_entities` says. -#}
with

ranks as (
    select
        *,
        max(year) over (partition by index_code) as last_year
    from {{ ref('int_baseline_ranks') }}
),

final as (
    select
        ranks.index_code,
        draws.source,
        draws.draw,
        ranks.entity_code,
        draws.rank
    from ranks
    inner join {{ ref('int_rank_draws') }} as draws on ranks.row_key = draws.row_key
    where
        draws.draw > 0
        and ranks.year = ranks.last_year
        and ranks.rank <= {{ parameter('compared_entities', 1, 1000) }}
)

select * from final
