{#-
The scores of the baseline and of its dimensions among the recipes, under the names that the index and its sub-indices have. Only
TOPSIS has distances.
-#}
-- depends_on: {{ ref('problems_in_specs') }}
with

scores as (
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
    from {{ ref('int_scores_by_sum') }}
    union all
    select
        spec_key,
        dimension_code,
        row_key,
        cast(null as double) as distance_to_ideal,
        cast(null as double) as distance_to_anti_ideal,
        score
    from {{ ref('int_scores_by_product') }}
),

index_keys as (
    select distinct
        index_key,
        index_code
    from {{ ref('int_index_keys') }}
),

final as (
    select
        index_keys.index_key,
        index_keys.index_code,
        matrix_rows.entity_code,
        matrix_rows.year,
        scores.distance_to_ideal,
        scores.distance_to_anti_ideal,
        scores.score
    from scores
    inner join {{ ref('int_specs') }} as specs on scores.spec_key = specs.spec_key
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on scores.row_key = matrix_rows.row_key
    inner join index_keys
        on matrix_rows.index_code || coalesce('.' || scores.dimension_code, '') = index_keys.index_code
    where specs.is_baseline
)

select * from final
