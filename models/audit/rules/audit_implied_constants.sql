{{ config(materialized='ephemeral') }}
{#-
    constant = mean(y) - sum_j b_j mean(x_j), the constant of a regression with absorbed (centred) effects, on the
rows of the printed means. One row per column that prints its constant and all its slopes.
Other parametrisations have another constant: entity effects absorbed and year dummies with a base year (the mean
effect in that year), or dummies with a base entity and a base year. Classically their standard errors are at least
    s / sqrt(entities)   and   s sqrt((entities + years - 1) / (entities years)),   s^2 = (1 - adjR2) sd(y)^2,
while with one regressor the absorbed form has se^2 = s^2 / n + mean(x)^2 se(b)^2. A column of one regressor whose printed
standard error of the constant fits this and is below both others shows the form, and with it that of the table, whose
columns come from one command. -#}
with

columns_with_constant as (
    select * from {{ ref('audit_columns') }}
    where constants = 1 and printed_slopes = slopes and not is_iv
),

described as (
    select * from {{ ref('audit_described') }}
),

coefficients as (
    select * from {{ ref('audit_coefficients') }}
    where equation = 'main'
),

products as (
    select
        coefficients.table_code, coefficients.model_code,
        count(*) as terms,
        count(described.mean_low) as terms_described,
        min(described.n_obs) as fewest_obs,
        max(described.n_obs) as most_obs,
        max(greatest(abs(described.mean_low), abs(described.mean_high)) * coefficients.se_high) as spread_high,
        max(greatest(described.mean_low, -described.mean_high, 0.0) * coefficients.se_low) as spread_low,
        sum(least(
            coefficients.low * described.mean_low, coefficients.low * described.mean_high,
            coefficients.high * described.mean_low, coefficients.high * described.mean_high
        )) as sum_low,
        sum(greatest(
            coefficients.low * described.mean_low, coefficients.low * described.mean_high,
            coefficients.high * described.mean_low, coefficients.high * described.mean_high
        )) as sum_high
    from coefficients
    left join described on coefficients.term = described.variable_code
    where coefficients.term != 'constant'
    group by coefficients.table_code, coefficients.model_code
),

final as (
    select
        columns_with_constant.table_code,
        columns_with_constant.model_code,
        columns_with_constant.outcome as outcome_code,
        constants.estimate_printed, constants.low as printed_low, constants.high as printed_high,
        means.mean_low - products.sum_high as implied_low,
        means.mean_high - products.sum_low as implied_high,
        products.terms = products.terms_described
        and coalesce(
            products.fewest_obs = columns_with_constant.n_obs and products.most_obs = columns_with_constant.n_obs, false
        )
        and coalesce(means.n_obs = columns_with_constant.n_obs, false) as is_comparable,
        columns_with_constant.effects = 'none' as has_no_effects,
        products.terms = 1
        and constants.se_high >= sqrt(
            power(means.sd_low, 2) * greatest(1 - columns_with_constant.adj_r2_high, 0.0) / columns_with_constant.n_obs
            + power(products.spread_low, 2)
        )
        and constants.se_low <= sqrt(
            power(means.sd_high, 2) * (1 - columns_with_constant.adj_r2_low) / columns_with_constant.n_obs
            + power(products.spread_high, 2)
        )
        and constants.se_high < sqrt(greatest(1 - columns_with_constant.adj_r2_high, 0.0)) * means.sd_low * least(
            1 / sqrt(nullif(columns_with_constant.n_entities, 0)),
            sqrt(
                (columns_with_constant.n_entities + columns_with_constant.n_years - 1)
                / nullif(columns_with_constant.n_entities * columns_with_constant.n_years, 0)
            )
        ) as is_absorbed_form
    from columns_with_constant
    inner join
        products
        on
            columns_with_constant.table_code = products.table_code
            and columns_with_constant.model_code = products.model_code
    inner join coefficients as constants
        on
            columns_with_constant.table_code = constants.table_code
            and columns_with_constant.model_code = constants.model_code
            and constants.term = 'constant'
    inner join described as means on columns_with_constant.outcome = means.variable_code
)

select * from final
