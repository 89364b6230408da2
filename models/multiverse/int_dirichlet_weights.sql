{#-
Weights drawn around the baseline's: (w_1, ..., w_m) ~ Dirichlet(c W_1, ..., c W_m), which is gamma variates over their sum.
-#}
with

final as (
    select
        draw,
        indicator_key,
        variate / nullif(sum(variate) over (partition by draw, index_code), 0) as weight
    from {{ ref('int_gamma_variates') }}
)

select * from final
