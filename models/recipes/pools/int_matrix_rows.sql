{#- What the row keys of the matrix stand for. -#}
with

final as (
    select distinct
        row_key,
        entity_key,
        index_code,
        entity_code,
        year,
        has_recipes
    from {{ ref('int_matrix') }}
)

select * from final
