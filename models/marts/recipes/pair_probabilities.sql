with

final as (
    select
        index_code,
        source,
        entity_code,
        other_entity_code,
        probability
    from {{ ref('int_pair_probabilities') }}
)

select * from final
