{#- The share of draws in which one entity stands ahead of another in the last year; a tie counts half. -#}
with

ranks as (
    select * from {{ ref('int_last_ranks') }}
),

final as (
    select
        ranks.index_code,
        ranks.source,
        ranks.entity_code,
        others.entity_code as other_entity_code,
        avg(
            case
                when ranks.rank < others.rank then cast(1 as double)
                when ranks.rank = others.rank then cast(0.5 as double)
                else cast(0 as double)
            end
        ) as probability
    from ranks
    inner join ranks as others
        on
            ranks.index_code = others.index_code
            and ranks.source = others.source
            and ranks.draw = others.draw
            and ranks.entity_code != others.entity_code
    group by ranks.index_code, ranks.source, ranks.entity_code, others.entity_code
)

select * from final
