{{ config(materialized='table') }}
{#-
Two columns a and b of one table on the same rows, b with more controls: one row per a and its nearest b.
    1 - adjusted R2 = s^2 (n - 1) / TSS, so s_b^2 / s_a^2 = (1 - adjR2_b) / (1 - adjR2_a),   s^2 the residual variance
    (se_b / se_a)^2 of every slope in both, the least of them; times F_b / F_a (Cragg-Donald) with one instrument
The degrees of freedom of b are taken from none of the fixed effects counted to all (to 1 where their number is not printed).
-#}
with

audit_columns as (
    select * from {{ ref('audit_columns') }}
    where adj_r2_low is not null and n_obs is not null
),

slopes as (
    select * from {{ ref('audit_coefficients') }}
    where equation = 'main' and term != 'constant'
),

-- The first stage of one instrument: does its t^2 cover the Cragg-Donald F in every column of the table (A2)?
classical_tables as (
    select
        table_code,
        min(case when implied_low <= printed_high and printed_low <= implied_high then 1 else 0 end) = 1 as is_classical
    from {{ ref('audit_a2_first_stage_t') }}
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

final as (
    select
        pairs.*,
        (1 - pairs.adj_r2_high_b) / nullif(1 - pairs.adj_r2_low_a, 0) as fit_ratio_low,
        (1 - pairs.adj_r2_low_b) / nullif(1 - pairs.adj_r2_high_a, 0) as fit_ratio_high,
        coalesce(classical_tables.is_classical, false) as is_shown_classical
    from pairs
    left join classical_tables on pairs.table_code = classical_tables.table_code
    where pairs.nearness = 1
)

select * from final
