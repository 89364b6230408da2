-- depends_on: {{ ref('problems_in_specs') }}
with

scores as (
    select * from {{ ref('int_scores_by_topsis') }}
    union all
    select * from {{ ref('int_scores_by_topsis_w_once') }}
    union all
    select * from {{ ref('int_scores_by_sum') }}
    union all
    select * from {{ ref('int_scores_by_product') }}
),

matrix_rows as (
    select * from {{ ref('int_matrix_rows') }}
),

final as (
    select
        specs.spec_code,
        matrix_rows.index_code,
        matrix_rows.entity_code,
        matrix_rows.year,
        scores.score,
        cast(
            rank() over (
                partition by scores.spec_key, matrix_rows.index_code, matrix_rows.year
                order by scores.score desc nulls last
            ) as integer
        ) as rank
    from scores
    inner join {{ ref('int_specs') }} as specs on scores.spec_key = specs.spec_key
    inner join matrix_rows on scores.row_key = matrix_rows.row_key
)

select * from final
