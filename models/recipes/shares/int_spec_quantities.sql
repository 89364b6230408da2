{{ config(materialized='ephemeral') }}
{#- What is decomposed: every score and every rank. -#}
with

scores as (
    select
        scores.spec_code,
        scores.index_code,
        matrix_rows.row_key,
        scores.score,
        scores.rank
    from {{ ref('spec_scores') }} as scores
    inner join {{ ref('int_matrix_rows') }} as matrix_rows
        on
            scores.index_code = matrix_rows.index_code
            and scores.entity_code = matrix_rows.entity_code
            and scores.year = matrix_rows.year
),

final as (
    select spec_code, index_code, row_key, 'score' as quantity, score as amount from scores
    union all
    select spec_code, index_code, row_key, 'rank' as quantity, cast(rank as double) as amount from scores
)

select * from final
