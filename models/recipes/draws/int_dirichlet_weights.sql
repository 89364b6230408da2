{#-
Weights drawn around the baseline's: (w_1, ..., w_m) ~ Dirichlet(c W_1, ..., c W_m), which is gamma variates over their sum.
-#}
with

final as (
    select
        draw,
        indicator_key,
        variate / nullif({{ sum_over('variate', ['draw', 'index_code'], 'indicator_key') }}, 0) as weight
    from {{ ref('int_gamma_variates') }}
)

select * from final
