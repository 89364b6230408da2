{#-
A16: constant = mean(y) - sum_j b_j mean(x_j), the constant of a regression with absorbed (centred) effects, on the
rows of the printed means.
Other parametrisations have another constant: entity effects absorbed and year dummies with a base year (the mean
effect in that year), or dummies with a base entity and a base year. Classically their standard errors are at least
    s / sqrt(entities)   and   s sqrt((entities + years - 1) / (entities years)),   s^2 = (1 - adjR2) sd(y)^2,
while with one regressor the absorbed form has se^2 = s^2 / n + mean(x)^2 se(b)^2. A column of one regressor whose printed
standard error of the constant fits this and is below both others shows the form, and with it that of the table, whose
columns come from one command. Without such a column a miss is "not decidable"; without effects the identity always holds.
-#}
with

columns_with_constant as (
    select * from {{ ref('audit_columns') }}
    where constants = 1 and printed_slopes = slopes and not is_iv
),

cells as (
    select * from {{ ref('audit_cells') }}
),

described as (
    select
        term as variable_code,
        max(case when quantity = 'obs' then printed_value end) as n_obs,
        max(case when quantity = 'mean' then low end) as mean_low,
        max(case when quantity = 'mean' then high end) as mean_high,
        max(case when quantity = 'std_dev' then low end) as sd_low,
        max(case when quantity = 'std_dev' then high end) as sd_high
    from cells
    where table_code = 'descriptives'
    group by term
),

coefficients as (
    select
        table_code, model_code, term,
        max(case when quantity = 'estimate' then printed end) as printed,
        max(case when quantity = 'estimate' then low end) as low,
        max(case when quantity = 'estimate' then high end) as high,
        max(case when quantity = 'std_error' then low end) as se_low,
        max(case when quantity = 'std_error' then high end) as se_high
    from cells
    where equation = 'main' and term is not null and table_code != 'descriptives'
    group by table_code, model_code, term
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

implied as (
    select
        columns_with_constant.table_code,
        columns_with_constant.model_code,
        columns_with_constant.outcome as outcome_code,
        constants.printed, constants.low as printed_low, constants.high as printed_high,
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
),

tables as (
    select table_code, max(case when is_absorbed_form then 1 else 0 end) = 1 as is_absorbed_table
    from implied
    group by table_code
),

judged as (
    select
        implied.*,
        case
            when implied.printed_low > implied.implied_high then implied.printed_low - implied.implied_high
            when implied.printed_high < implied.implied_low then implied.printed_high - implied.implied_low
            else 0.0
        end as gap,
        (implied.printed_low + implied.printed_high - implied.implied_low - implied.implied_high) / 2 as middle_gap,
        case
            when not implied.is_comparable or implied.implied_low is null then 'not decidable'
            when
                implied.printed_high >= implied.implied_low and implied.printed_low <= implied.implied_high
                then 'consistent'
            when implied.has_no_effects or tables.is_absorbed_table then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from implied
    inner join tables on implied.table_code = tables.table_code
),

final as (
    select
        'A16' as rule, table_code, model_code,
        'constant = ' || printed || '; means of ' || outcome_code || ' and of the regressors' as cells,
        printed_low, printed_high, implied_low, implied_high, verdict,
        '吸收固定效应的常数项等于被解释变量均值减去系数与均值之积的和：' || {{ bounds('implied_low', 'implied_high', 4) }}
        || '，印刷为 ' || {{ bounds('printed_low', 'printed_high', 4) }}
        || case verdict
            when 'consistent' then '，相符。'
            when 'not decidable' then '；均值与回归的样本是否相同、常数项取何种形式，均无从判断。'
            else
                '，印刷数字相差 ' || {{ shown('middle_gap') }} || '，计入舍入仍至少 ' || {{ shown('abs(gap)', 4) }}
                || '；该表单变量列中常数项的标准误符合此形式，而低于以基准年或基准个体为参照的形式。均值与回归可能不是同一样本或同一变量。'
        end as explanation_zh,
        'With absorbed effects the constant is the mean of the outcome less the sum of coefficients times means: '
        || {{ bounds('implied_low', 'implied_high', 4) }} || '; printed: '
        || {{ bounds('printed_low', 'printed_high', 4) }}
        || case verdict
            when 'consistent' then ', which agrees.'
            when 'not decidable'
                then '. Whether means and regression share their rows, and which form the constant has, cannot be said.'
            else
                ', off by ' || {{ shown('middle_gap') }} || ' as printed and by at least ' || {{ shown('abs(gap)', 4) }}
                || ' within rounding. In the column with one regressor the standard error of the constant fits '
                || 'this form and is too small for a base year or a base entity; means and regression may '
                || 'rest on different rows or variables.'
        end as explanation_en
    from judged
)

select * from final
