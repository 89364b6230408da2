{#-
The scores of the baseline and of its dimensions among the recipes, under the names that the index and its sub-indices have.
-#}
-- depends_on: {{ ref('problems_in_specs') }}
with

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
    from {{ ref('int_recipe_scores') }} as scores
    inner join {{ ref('int_specs') }} as specs on scores.spec_key = specs.spec_key
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on scores.row_key = matrix_rows.row_key
    inner join index_keys
        on matrix_rows.index_code || coalesce('.' || scores.dimension_code, '') = index_keys.index_code
    where specs.is_baseline
)

select * from final
