{#- The correlation matrices to the power 4096, each over its trace: squared twelve times, over the trace each time. -#}
with

final as (
    select * from {{ squared_matrices(ref('int_correlation_matrices'), 12) }}
)

select * from final
