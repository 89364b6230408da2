{#-
The scores of every valid recipe and its ranks; rank 1 is the highest score of a year. An index that is built in no other way than
the baseline is not among them.
-#}
-- depends_on: {{ ref('problems_in_specs') }}
with

final as (
    select
        scores.spec_key,
        scores.row_key,
        scores.score,
        cast(
            rank() over (
                partition by scores.spec_key, matrix_rows.index_code, matrix_rows.year
                order by scores.score desc nulls last
            ) as integer
        ) as rank
    from {{ ref('int_recipe_scores') }} as scores
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on scores.row_key = matrix_rows.row_key
    where scores.dimension_code is null and matrix_rows.has_recipes
)

select * from final
