{{ config(materialized='table') }}
{#-
One row per printed column of a regression table: what it claims about its sample and model. A claim is a row of
pub_statistics. Nothing that is not printed is assumed.
    slopes = the regressors printed, or 1 + the controls claimed where these are not printed one by one
-#}
with

cells as (
    select * from {{ ref('audit_cells') }}
),

coefficient_counts as (
    select
        table_code,
        model_code,
        count(distinct case when equation = 'main' and term != 'constant' then term end) as printed_slopes,
        max(case when equation = 'main' and term = 'constant' and quantity = 'estimate' then 1 else 0 end) as constants,
        max(case when equation = 'first_stage' then 1 else 0 end) as first_stages
    from cells
    where term is not null and model_code is not null
    group by table_code, model_code
),

-- An instrument is a first-stage regressor that is not in the equation itself.
first_stage_only as (
    select table_code, model_code, term
    from cells
    where model_code is not null and term is not null and equation in ('main', 'first_stage')
    group by table_code, model_code, term
    having max(case when equation = 'main' then 1 else 0 end) = 0 and term != 'constant'
),

instrument_counts as (
    select table_code, model_code, count(*) as instruments, min(term) as instrument
    from first_stage_only
    group by table_code, model_code
),

printed_columns as (
    select table_code, model_code from cells
    where table_code is not null and model_code is not null
    group by table_code, model_code
),

stated as (
    select
        table_code,
        model_code,
        max(case when quantity = 'n_obs' then printed_value end) as n_obs,
        max(case when quantity = 'n_entities' then printed_value end) as n_entities,
        max(case when quantity = 'n_years' then printed_value end) as n_years,
        max(case when quantity = 'n_clusters' then printed_value end) as n_clusters,
        max(case when quantity = 'n_controls' then printed_value end) as n_controls,
        max(case when quantity = 'n_endogenous' then printed_value end) as n_endogenous,
        max(case when quantity = 'n_instruments' then printed_value end) as n_instruments,
        max(case when quantity = 'n_lags' then printed_value end) as n_lags,
        max(case when quantity = 'conf_level' then printed_value end) as conf_level,
        max(case when quantity = 'effects' then printed end) as effects,
        max(case when quantity = 'outcome' then printed end) as outcome,
        max(case when quantity = 'se_type' then printed end) as se_type,
        max(case when quantity = 'star_levels' then printed end) as star_levels,
        max(case when quantity = 'part_of' then printed end) as part_of,
        max(case when quantity = 'same_as' then printed end) as same_as,
        max(case when quantity = 'sum_of' then printed end) as sum_of,
        max(case when quantity = 'r2' then low end) as r2_low,
        max(case when quantity = 'r2' then high end) as r2_high,
        max(case when quantity = 'adj_r2' then printed end) as adj_r2_printed,
        max(case when quantity = 'adj_r2' then low end) as adj_r2_low,
        max(case when quantity = 'adj_r2' then high end) as adj_r2_high,
        max(case when quantity = 'anderson_lm' then printed end) as lm_printed,
        max(case when quantity = 'anderson_lm' then low end) as lm_low,
        max(case when quantity = 'anderson_lm' then high end) as lm_high,
        max(case when quantity = 'cragg_donald_f' then printed end) as f_printed,
        max(case when quantity = 'cragg_donald_f' then low end) as f_low,
        max(case when quantity = 'cragg_donald_f' then high end) as f_high
    from {{ ref('audit_claims') }}
    group by table_code, model_code
),

-- An outcome that is not stated is the one described variable that never stands on the right-hand side.
described as (
    select distinct term as variable_code from cells
    where table_code = 'descriptives'
),

regressors as (
    select distinct term from cells
    where model_code is not null and term is not null
),

left_hand_side as (
    select min(described.variable_code) as outcome
    from described
    left join regressors on described.variable_code = regressors.term
    where regressors.term is null
    having count(*) = 1
),

final as (
    select
        printed_columns.table_code,
        printed_columns.model_code,
        coalesce(coefficient_counts.printed_slopes, 0) as printed_slopes,
        greatest(coalesce(coefficient_counts.printed_slopes, 0), coalesce(stated.n_controls + 1, 0)) as slopes,
        coalesce(coefficient_counts.constants, 0) as constants,
        coalesce(coefficient_counts.first_stages, 0) = 1
        or stated.lm_low is not null or stated.f_low is not null as is_iv,
        coalesce(position('entity' in stated.effects) > 0, false) as has_entity_effects,
        coalesce(position('year' in stated.effects) > 0, false) as has_year_effects,
        case when position('entity' in stated.effects) > 0 then stated.n_entities - 1 else 0 end
        + case when position('year' in stated.effects) > 0 then stated.n_years - 1 else 0 end as effect_parameters,
        stated.n_obs, stated.n_entities, stated.n_years, stated.n_clusters, stated.n_controls,
        coalesce(stated.n_endogenous, 1) as n_endogenous, stated.n_lags,
        coalesce(stated.n_instruments, instrument_counts.instruments) as n_instruments,
        instrument_counts.instrument,
        stated.effects, coalesce(stated.outcome, left_hand_side.outcome) as outcome, stated.se_type, stated.star_levels,
        stated.part_of, stated.same_as, stated.sum_of, stated.conf_level,
        stated.r2_low, stated.r2_high, stated.adj_r2_printed, stated.adj_r2_low, stated.adj_r2_high,
        stated.lm_printed, stated.lm_low, stated.lm_high, stated.f_printed, stated.f_low, stated.f_high
    from printed_columns
    left join stated
        on printed_columns.table_code = stated.table_code and printed_columns.model_code = stated.model_code
    left join coefficient_counts
        on
            printed_columns.table_code = coefficient_counts.table_code
            and printed_columns.model_code = coefficient_counts.model_code
    left join instrument_counts
        on
            printed_columns.table_code = instrument_counts.table_code
            and printed_columns.model_code = instrument_counts.model_code
    left join left_hand_side on printed_columns.table_code is not null
)

select * from final
