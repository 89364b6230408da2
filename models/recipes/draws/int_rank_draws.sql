{#-
Ranks of every entity-year in every draw of every source of doubt: the valid ways of building the index that are not known
to be wrong, each recipe once; Dirichlet weights; bootstrap samples; one indicator left out.
-#}
with

matrix_rows as (
    select * from {{ ref('int_matrix_rows') }}
),

drawn as (
    select
        'dirichlet' as source,
        draw,
        row_key,
        score
    from {{ ref('int_scores_by_dirichlet') }}
    union all
    select
        'leave_one_out' as source,
        draw,
        row_key,
        score
    from {{ ref('int_scores_without_one') }}
),

ranked as (
    select
        drawn.source,
        drawn.draw,
        drawn.row_key,
        cast(
            rank() over (
                partition by drawn.source, drawn.draw, matrix_rows.index_code, matrix_rows.year
                order by drawn.score desc nulls last
            ) as integer
        ) as rank
    from drawn
    inner join matrix_rows on drawn.row_key = matrix_rows.row_key
),

final as (
    select * from ranked
    union all
    select
        'bootstrap' as source,
        scores.draw,
        matrix_rows.row_key,
        scores.rank
    from {{ ref('bootstrap_scores') }} as scores
    inner join matrix_rows
        on
            scores.index_code = matrix_rows.index_code
            and scores.entity_code = matrix_rows.entity_code
            and scores.year = matrix_rows.year
    where scores.draw > 0
    union all
    select
        'specifications' as source,
        specs.spec_key as draw,
        matrix_rows.row_key,
        scores.rank
    from {{ ref('spec_scores') }} as scores
    inner join {{ ref('int_specs') }} as specs on scores.spec_code = specs.spec_code
    inner join matrix_rows
        on
            scores.index_code = matrix_rows.index_code
            and scores.entity_code = matrix_rows.entity_code
            and scores.year = matrix_rows.year
    where not specs.is_wrong and specs.spec_code = specs.same_as
)

select * from final
