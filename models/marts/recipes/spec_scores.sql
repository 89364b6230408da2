-- depends_on: {{ ref('problems_in_specs') }}
with

final as (
    select
        specs.spec_code,
        matrix_rows.index_code,
        matrix_rows.entity_code,
        matrix_rows.year,
        scores.score,
        scores.rank
    from {{ ref('int_spec_scores') }} as scores
    inner join {{ ref('int_specs') }} as specs on scores.spec_key = specs.spec_key
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on scores.row_key = matrix_rows.row_key
)

select * from final
