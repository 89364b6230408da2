-- depends_on: {{ ref('problems_in_specs') }}
with

final as (
    select
        index_code,
        indicator_code,
        spec_code,
        correlation,
        rank_correlation
    from {{ ref('int_index_without_indicator') }}
)

select * from final
