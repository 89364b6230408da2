{#- The sub-index of every dimension in every valid recipe, by the equations of the composite. -#}
with

final as (
    select
        scores.spec_key,
        scores.row_key,
        matrix_rows.index_code,
        scores.dimension_code,
        scores.score
    from {{ ref('int_recipe_scores') }} as scores
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on scores.row_key = matrix_rows.row_key
    where scores.dimension_code is not null and matrix_rows.has_recipes
)

select * from final
