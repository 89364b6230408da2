{#-
Scores and ranks of every entity-year in every draw of every source of doubt: the valid recipes that are not known to be
wrong, each once; Dirichlet weights; bootstrap samples, of which draw 0 is the sample itself; one indicator left out.
-#}
with

final as (
    select
        scores.source,
        scores.draw,
        scores.row_key,
        scores.score,
        cast(
            rank() over (
                partition by scores.source, scores.draw, matrix_rows.index_code, matrix_rows.year
                order by scores.score desc nulls last
            ) as integer
        ) as rank
    from {{ ref('int_scores_of_draws') }} as scores
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on scores.row_key = matrix_rows.row_key
    union all
    select
        'specifications' as source,
        specs.spec_key as draw,
        scores.row_key,
        scores.score,
        scores.rank
    from {{ ref('int_spec_scores') }} as scores
    inner join {{ ref('int_specs') }} as specs on scores.spec_key = specs.spec_key
    where not specs.is_wrong and specs.spec_code = specs.same_as
)

select * from final
