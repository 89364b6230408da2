{{ config(tags=['multiverse']) }}
{#-
Exact variance decomposition over a full factorial (Saltelli et al., Global Sensitivity Analysis, 2008) of the score and of
the rank; variances divide by the number of ways and are summed over entity-years:
    first order = Var_c( E[Y | choice c] ) / Var(Y),   total = E_others[ Var_c(Y) ] / Var(Y)
Scores of different aggregations and normalizations have different scales, which is part of their variance; ranks have
not. Where nothing varies the shares are 0.
-#}
with

choices as (
    select * from {{ ref('int_design_choices') }}
),

cells as (
    select
        choices.factor_key,
        choices.option_key,
        choices.others_key,
        quantities.row_key,
        quantities.quantity,
        quantities.amount
    from choices
    inner join {{ ref('int_spec_quantities') }} as quantities
        on choices.spec_code = quantities.spec_code and choices.index_code = quantities.index_code
),

option_means as (
    select
        factor_key,
        quantity,
        row_key,
        option_key,
        avg(amount) as mean
    from cells
    group by factor_key, quantity, row_key, option_key
),

between_options as (
    select
        factor_key,
        quantity,
        row_key,
        var_pop(mean) as variance
    from option_means
    group by factor_key, quantity, row_key
),

option_variances as (
    select
        factor_key,
        quantity,
        row_key,
        others_key,
        var_pop(amount) as variance
    from cells
    group by factor_key, quantity, row_key, others_key
),

parts as (
    select factor_key, quantity, row_key, variance as first_part, 0 as total_part, 0 as whole from between_options
    union all
    select factor_key, quantity, row_key, 0 as first_part, avg(variance) as total_part, 0 as whole from option_variances
    group by factor_key, quantity, row_key
    union all
    select factor_key, quantity, row_key, 0 as first_part, 0 as total_part, var_pop(amount) as whole from cells
    group by factor_key, quantity, row_key
),

factors as (
    select distinct factor_key, index_code, design_code, choice from choices
),

final as (
    select
        factors.index_code,
        factors.design_code,
        parts.quantity,
        factors.choice,
        coalesce(sum(parts.first_part) / nullif(sum(parts.whole), 0), 0) as first_order,
        coalesce(sum(parts.total_part) / nullif(sum(parts.whole), 0), 0) as total
    from parts
    inner join factors on parts.factor_key = factors.factor_key
    group by factors.index_code, factors.design_code, parts.quantity, factors.choice
)

select * from final
