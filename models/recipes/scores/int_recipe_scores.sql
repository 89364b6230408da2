{#- The scores of every valid recipe and of its dimensions, whatever its aggregation. Only TOPSIS has distances. -#}
with

without_distances as (
    select * from {{ ref('int_scores_by_sum') }}
    union all
    select * from {{ ref('int_scores_by_product') }}
),

final as (
    select
        spec_key,
        dimension_code,
        row_key,
        to_ideal as distance_to_ideal,
        to_anti_ideal as distance_to_anti_ideal,
        score
    from {{ ref('int_scores_by_topsis') }}
    union all
    select
        spec_key,
        dimension_code,
        row_key,
        cast(null as double) as distance_to_ideal,
        cast(null as double) as distance_to_anti_ideal,
        score
    from without_distances
)

select * from final
