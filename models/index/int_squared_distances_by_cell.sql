{#-
    to the ideal       b = sum_j b_ij
    to the anti-ideal  a = sum_j a_ij
Cell by cell: one group by gives every dimension, their sums give the composite.
-#}
with

sums as (
    select
        dimension_key,
        entity_code,
        year,
        sum(to_ideal) as to_ideal,
        sum(to_anti_ideal) as to_anti_ideal
    from {{ ref('int_squared_parts') }}
    group by dimension_key, entity_code, year
),

final as (
    select
        index_keys.index_key,
        index_keys.index_code,
        sums.entity_code,
        sums.year,
        sum(sums.to_ideal) as to_ideal,
        sum(sums.to_anti_ideal) as to_anti_ideal
    from sums
    inner join {{ ref('int_index_keys') }} as index_keys on sums.dimension_key = index_keys.dimension_key
    group by index_keys.index_key, index_keys.index_code, sums.entity_code, sums.year
)

select * from final
