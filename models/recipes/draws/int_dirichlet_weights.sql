{#-
Weights drawn around the baseline's: (w_1, ..., w_m) ~ Dirichlet(c W_1, ..., c W_m), which is gamma variates over their sum.
-#}
with

final as (
    select
        draw,
        indicator_key,
        {{ share_of_sum('variate', ['draw', 'index_code'], 'indicator_key') }} as weight
    from {{ ref('int_gamma_variates') }}
)

select * from final
