with

final as (
    select
        matrix_rows.index_code,
        draws.draw,
        matrix_rows.entity_code,
        matrix_rows.year,
        coalesce(samples.copies, 0) as copies,
        draws.score,
        draws.rank
    from {{ ref('int_rank_draws') }} as draws
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on draws.row_key = matrix_rows.row_key
    left join {{ ref('int_bootstrap_samples') }} as samples
        on draws.draw = samples.draw and matrix_rows.entity_key = samples.entity_key
    where draws.source = 'bootstrap'
)

select * from final
