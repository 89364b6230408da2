{#- What is decomposed: every score and every rank. -#}
with

scores as (
    select
        specs.spec_code,
        matrix_rows.index_code,
        scores.row_key,
        scores.score,
        scores.rank
    from {{ ref('int_spec_scores') }} as scores
    inner join {{ ref('int_specs') }} as specs on scores.spec_key = specs.spec_key
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on scores.row_key = matrix_rows.row_key
),

final as (
    select spec_code, index_code, row_key, 'score' as quantity, score as amount from scores
    union all
    select spec_code, index_code, row_key, 'rank' as quantity, cast(rank as double) as amount from scores
)

select * from final
