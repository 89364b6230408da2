{#- Numbers of the indices: the dimension's for a sub-index, less the smallest of these for the index itself. -#}
with

dimensions as (
    select distinct
        dimension_key,
        index_code,
        dimension_code,
        -min(dimension_key) over (partition by index_code) as composite_key
    from {{ ref('stg_indicators') }}
),

final as (
    select
        dimension_key as index_key,
        index_code || '.' || dimension_code as index_code,
        dimension_key
    from dimensions
    union all
    select
        composite_key as index_key,
        index_code,
        dimension_key
    from dimensions
)

select * from final
