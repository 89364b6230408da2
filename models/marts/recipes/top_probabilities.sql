with

final as (
    select
        index_code,
        source,
        entity_code,
        k,
        probability
    from {{ ref('int_top_probabilities') }}
)

select * from final
