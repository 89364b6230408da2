{#- The sub-index of every dimension in every valid recipe, by the equations of the composite. -#}
with

scores as (
    select
        spec_key,
        dimension_code,
        row_key,
        score
    from {{ ref('int_scores_by_topsis') }}
    union all
    select * from {{ ref('int_scores_by_sum') }}
    union all
    select * from {{ ref('int_scores_by_product') }}
),

final as (
    select
        scores.spec_key,
        scores.row_key,
        matrix_rows.index_code,
        scores.dimension_code,
        scores.score
    from scores
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on scores.row_key = matrix_rows.row_key
    where scores.dimension_code is not null and matrix_rows.has_recipes
)

select * from final
