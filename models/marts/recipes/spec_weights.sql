-- depends_on: {{ ref('problems_in_specs') }}
with

final as (
    select
        spec_code,
        index_code,
        pool_code,
        indicator_code,
        weight,
        effective_weight
    from {{ ref('int_spec_weights') }}
)

select * from final
