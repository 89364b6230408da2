-- depends_on: {{ ref('problems_in_specs') }}
with

final as (
    select
        specs.spec_code,
        scores.index_code || '.' || scores.dimension_code as index_code,
        matrix_rows.entity_code,
        matrix_rows.year,
        scores.score
    from {{ ref('int_dimension_scores') }} as scores
    inner join {{ ref('int_specs') }} as specs on scores.spec_key = specs.spec_key
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on scores.row_key = matrix_rows.row_key
)

select * from final
