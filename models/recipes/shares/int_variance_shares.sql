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

means as (
    select
        factor_key,
        quantity,
        row_key,
        {{ exact_mean('amount') }} as mean
    from cells
    group by factor_key, quantity, row_key
),

deviations as (
    select
        cells.factor_key,
        cells.option_key,
        cells.others_key,
        cells.row_key,
        cells.quantity,
        cells.amount - means.mean as deviation
    from cells
    inner join means
        on
            cells.factor_key = means.factor_key
            and cells.quantity = means.quantity
            and cells.row_key = means.row_key
),

option_means as (
    select
        factor_key,
        quantity,
        row_key,
        {{ exact_mean('deviation') }} as mean
    from deviations
    group by factor_key, quantity, row_key, option_key
),

option_variances as (
    select
        factor_key,
        quantity,
        row_key,
        {{ exact_variance('deviation') }} as variance
    from deviations
    group by factor_key, quantity, row_key, others_key
),

parts as (
    select factor_key, quantity, {{ exact_variance('mean') }} as first_part, 0 as total_part, 0 as whole
    from option_means
    group by factor_key, quantity, row_key
    union all
    select factor_key, quantity, 0 as first_part, {{ exact_mean('variance') }} as total_part, 0 as whole
    from option_variances
    group by factor_key, quantity, row_key
    union all
    select factor_key, quantity, 0 as first_part, 0 as total_part, {{ exact_variance('deviation') }} as whole
    from deviations
    group by factor_key, quantity, row_key
),

factors as (
    select distinct factor_key, index_code, design_code, choice from choices
),

totals as (
    select
        factor_key,
        quantity,
        {{ exact_sum('first_part') }} as first_part,
        {{ exact_sum('total_part') }} as total_part,
        {{ exact_sum('whole') }} as whole
    from parts
    group by factor_key, quantity
),

final as (
    select
        factors.index_code,
        factors.design_code,
        totals.quantity,
        factors.choice,
        coalesce(totals.first_part / nullif(totals.whole, 0), 0) as first_order,
        coalesce(totals.total_part / nullif(totals.whole, 0), 0) as total
    from totals
    inner join factors on totals.factor_key = factors.factor_key
)

select * from final
