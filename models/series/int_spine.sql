{#- Every entity in every year that is observed or that an index covers. -#}
with

final as (
    select
        entities.entity_code,
        years.year
    from {{ ref('stg_entities') }} as entities
    cross join {{ ref('int_years') }} as years
)

select * from final
