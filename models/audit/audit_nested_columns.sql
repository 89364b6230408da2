{#-
Two columns a and b of one table on the same rows, b with more controls; s^2 is the residual variance.
    1 - adjusted R2 = s^2 (n - 1) / TSS, so s_b^2 / s_a^2 = (1 - adjR2_b) / (1 - adjR2_a)
A7   classical SE: s_b^2 / s_a^2 <= (se_b / se_a)^2 for every slope in both, as controls take variance from a
     regressor and never add any; two-stage least squares with one instrument: <= (se_b / se_a)^2 F_b / F_a, F the
     Cragg-Donald F (up to degrees of freedom). The rest is what the controls must remove.
A8   adjusted R2 rises with one added control if and only if its classical |t| > 1          Greene, ch. 3.5
A9   t^2 of one added control = (df_b + 1)(s_a^2 / s_b^2) - df_b
df_b is taken from none of the fixed effects counted to all (to 1 where their number is not printed). Standard errors that are not classical need not meet these, so a miss
is "inconsistent" only where the table says that they are classical, or (A7) where A2 shows it and the miss exceeds a
factor of 4, twice what a robust standard error usually differs by.
-#}
with

audit_columns as (
    select * from {{ ref('audit_columns') }}
    where adj_r2_low is not null and n_obs is not null
),

slopes as (
    select
        table_code, model_code, term,
        max(case when quantity = 'estimate' then printed end) as estimate_printed,
        max(case when quantity = 'std_error' then printed end) as se_printed,
        max(case when quantity = 'estimate' then greatest(low, -high, 0.0) end) as size_low,
        max(case when quantity = 'estimate' then greatest(abs(low), abs(high)) end) as size_high,
        max(case when quantity = 'std_error' then low end) as se_low,
        max(case when quantity = 'std_error' then high end) as se_high
    from {{ ref('audit_cells') }}
    where equation = 'main' and term != 'constant'
    group by table_code, model_code, term
),

-- The first stage of one instrument: does its t^2 cover the Cragg-Donald F in every column of the table (A2)?
classical_tables as (
    select
        table_code,
        min(case when implied_low <= printed_high and printed_low <= implied_high then 1 else 0 end) = 1 as is_classical
    from {{ ref('audit_first_stages') }}
    where rule = 'A2'
    group by table_code
),

common_slopes as (
    select
        a.table_code, a.model_code as model_a, b.model_code as model_b,
        count(*) as common,
        min(power(b.se_high / nullif(a.se_low, 0), 2)) as se_ratio
    from slopes as a
    inner join slopes as b
        on a.table_code = b.table_code and a.term = b.term and a.model_code != b.model_code
    group by a.table_code, a.model_code, b.model_code
),

pairs as (
    select
        a.table_code, a.model_code as model_a, b.model_code as model_b, a.is_iv, a.n_obs,
        a.adj_r2_printed as adj_r2_printed_a, b.adj_r2_printed as adj_r2_printed_b,
        a.adj_r2_low as adj_r2_low_a, a.adj_r2_high as adj_r2_high_a,
        b.adj_r2_low as adj_r2_low_b, b.adj_r2_high as adj_r2_high_b,
        coalesce(a.se_type = 'classical' and b.se_type = 'classical', false) as is_stated_classical,
        b.slopes - a.slopes as added,
        b.slopes = b.printed_slopes as is_complete,
        greatest(coalesce(b.n_obs - b.slopes - b.n_entities - b.n_years, 1), 1) as df_low,
        b.n_obs - b.slopes as df_high,
        case
            when not a.is_iv then common_slopes.se_ratio
            when coalesce(a.n_instruments, 1) = 1 and a.n_endogenous = 1
                then
                    common_slopes.se_ratio * b.f_high / nullif(a.f_low, 0)
                    * b.n_obs / nullif(
                        greatest(b.n_obs - b.slopes - b.n_entities - b.n_years, 0), 0
                    )
        end as variance_ratio_bound,
        row_number() over (
            partition by a.table_code, a.model_code order by b.slopes - a.slopes, b.model_code
        ) as nearness
    from audit_columns as a
    inner join common_slopes on a.table_code = common_slopes.table_code and a.model_code = common_slopes.model_a
    inner join audit_columns as b
        on common_slopes.table_code = b.table_code and common_slopes.model_b = b.model_code
    where
        common_slopes.common = a.printed_slopes
        and a.slopes < b.slopes
        and (a.slopes = a.printed_slopes or a.n_controls = 0)
        and a.n_obs = b.n_obs
        and a.is_iv = b.is_iv
        and coalesce(a.outcome, '') = coalesce(b.outcome, '')
        and coalesce(a.effects, '') = coalesce(b.effects, '')
),

ratios as (
    select
        pairs.*,
        (1 - pairs.adj_r2_high_b) / nullif(1 - pairs.adj_r2_low_a, 0) as fit_ratio_low,
        (1 - pairs.adj_r2_low_b) / nullif(1 - pairs.adj_r2_high_a, 0) as fit_ratio_high,
        coalesce(classical_tables.is_classical, false) as is_shown_classical
    from pairs
    left join classical_tables on pairs.table_code = classical_tables.table_code
    where pairs.nearness = 1
),

-- The one regressor that b has and a has not.
added_controls as (
    select
        ratios.table_code, ratios.model_b, b.term, b.estimate_printed, b.se_printed,
        b.size_low / nullif(b.se_high, 0) as t_low,
        b.size_high / nullif(b.se_low, 0) as t_high
    from ratios
    inner join slopes as b on ratios.table_code = b.table_code and ratios.model_b = b.model_code
    left join slopes as a
        on ratios.table_code = a.table_code and ratios.model_a = a.model_code and b.term = a.term
    where a.term is null and ratios.added = 1 and ratios.is_complete and not ratios.is_iv
),

implied as (
    select
        ratios.*,
        added_controls.term, added_controls.estimate_printed, added_controls.se_printed,
        added_controls.t_low, added_controls.t_high,
        sqrt(greatest(
            0.0,
            least(
                (ratios.df_low + 1) / nullif(ratios.fit_ratio_high, 0) - ratios.df_low,
                (ratios.df_high + 1) / nullif(ratios.fit_ratio_high, 0) - ratios.df_high
            )
        )) as implied_t_low,
        sqrt(greatest(
            0.0,
            greatest(
                (ratios.df_low + 1) / nullif(ratios.fit_ratio_low, 0) - ratios.df_low,
                (ratios.df_high + 1) / nullif(ratios.fit_ratio_low, 0) - ratios.df_high
            )
        )) as implied_t_high
    from ratios
    inner join added_controls
        on ratios.table_code = added_controls.table_code and ratios.model_b = added_controls.model_b
),

checks as (
    select
        'A7' as rule, table_code, model_a || ' -> ' || model_b as model_code,
        'adj_r2 = ' || adj_r2_printed_a || ' -> ' || adj_r2_printed_b || '; (se ' || model_b || ' / se ' || model_a
        || ')^2 <= ' || {{ shown('variance_ratio_bound', 4) }} as cells,
        fit_ratio_low as printed_low, fit_ratio_high as printed_high,
        0.0 as implied_low, variance_ratio_bound as implied_high,
        case
            when variance_ratio_bound is null or fit_ratio_low is null then 'not decidable'
            when fit_ratio_low <= variance_ratio_bound then 'consistent'
            when is_stated_classical then 'inconsistent as printed'
            when is_shown_classical and fit_ratio_low > 4 * variance_ratio_bound then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from ratios
    union all
    select
        'A8' as rule, table_code, model_a || ' -> ' || model_b as model_code,
        'adj_r2 = ' || adj_r2_printed_a || ' -> ' || adj_r2_printed_b || '; ' || term || ' = ' || estimate_printed
        || ' (' || se_printed || ')' as cells,
        t_low as printed_low, t_high as printed_high,
        case when adj_r2_low_b > adj_r2_high_a then 1.0 else 0.0 end as implied_low,
        case when adj_r2_high_b < adj_r2_low_a then 1.0 else cast('infinity' as double) end as implied_high,
        case
            when t_low is null or t_high is null then 'not decidable'
            when adj_r2_low_b > adj_r2_high_a and t_high < 1 or adj_r2_high_b < adj_r2_low_a and t_low > 1
                then case when is_stated_classical then 'inconsistent as printed' else 'not decidable' end
            else 'consistent'
        end as verdict
    from implied
    union all
    select
        'A9' as rule, table_code, model_a || ' -> ' || model_b as model_code,
        'adj_r2 = ' || adj_r2_printed_a || ' -> ' || adj_r2_printed_b || '; ' || term || ' = ' || estimate_printed
        || ' (' || se_printed || ')' as cells,
        t_low as printed_low, t_high as printed_high, implied_t_low as implied_low, implied_t_high as implied_high,
        case
            when t_low is null or t_high is null or implied_t_high is null then 'not decidable'
            when t_high >= implied_t_low and t_low <= implied_t_high then 'consistent'
            when is_stated_classical then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from implied
),

final as (
    select
        rule, table_code, model_code, cells, printed_low, printed_high, implied_low, implied_high, verdict,
        case rule
            when 'A7'
                then
                    '按标准误之比，新增控制变量至少须消除残差方差的 '
                    || {{ shown('100 * greatest(0.0, 1 - implied_high)', 1) }} || '%（残差方差之比至多 '
                    || {{ shown('implied_high', 4) }} || '）；按调整后 R²，残差方差之比在 '
                    || {{ bounds('printed_low', 'printed_high', 3) }} || ' 之间'
            when 'A8'
                then
                    '调整后 R² 上升当且仅当新增控制变量的 |t| 大于 1；印刷数字给出 |t| 在 '
                    || {{ bounds('printed_low', 'printed_high', 2) }} || ' 之间'
            else
                '两列调整后 R² 推出新增控制变量的 |t| 在 ' || {{ bounds('implied_low', 'implied_high', 2) }}
                || ' 之间，系数与标准误给出 ' || {{ bounds('printed_low', 'printed_high', 2) }}
        end
        || case verdict
            when 'consistent' then '，两者相符。'
            when 'not decidable' then '；所需数字缺失，或标准误并非同方差形式，无从判断。'
            else '；在同方差标准误下两者不能同时成立。'
        end as explanation_zh,
        case rule
            when 'A7'
                then
                    'By the standard errors the added controls must remove at least '
                    || {{ shown('100 * greatest(0.0, 1 - implied_high)', 1) }}
                    || ' percent of the residual variance (ratio at most '
                    || {{ shown('implied_high', 4) }} || '); by adjusted R2 the ratio is in '
                    || {{ bounds('printed_low', 'printed_high', 3) }}
            when 'A8'
                then
                    'Adjusted R2 rises if and only if the |t| of the added control exceeds 1; printed, |t| is in '
                    || {{ bounds('printed_low', 'printed_high', 2) }}
            else
                'The two adjusted R2 imply a |t| of the added control in '
                || {{ bounds('implied_low', 'implied_high', 2) }} || '; coefficient and standard error give '
                || {{ bounds('printed_low', 'printed_high', 2) }}
        end
        || case verdict
            when 'consistent' then '; they agree.'
            when 'not decidable'
                then '; a figure is missing, or the standard errors are not classical: it cannot be said.'
            else '; under classical standard errors both cannot hold.'
        end as explanation_en
    from checks
)

select * from final
