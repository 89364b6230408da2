{{ config(materialized='ephemeral') }}
{#-
A17, a least-squares column with both effects against the official figures:
    least adjusted R2 of an outcome = 1 - (RSS of entity and year effects alone / (n - entities - years + 1 - slopes))
                                          / (TSS / (n - 1)),   as regressors never raise the RSS
A column is called inconsistent where no deflated form of the outcome can have so low an adjusted R2.
-#}
with

floors as (
    select
        audit_columns.table_code, audit_columns.model_code, audit_columns.adj_r2_printed,
        audit_columns.adj_r2_low, audit_columns.adj_r2_high,
        case
            when candidates.variable_code = audit_columns.outcome then 'as defined'
            when
                candidates.variable_code is not null and candidates.deflation = 'none'
                and chains.series_code is not null then 'chained'
            else candidates.deflation
        end as deflation,
        1 - (
            candidates.within_squares
            / nullif(candidates.n_obs - candidates.effect_parameters - audit_columns.slopes, 0)
        ) / nullif(candidates.total_squares / (candidates.n_obs - 1), 0) as least_adj_r2
    from {{ ref('audit_columns') }} as audit_columns
    inner join {{ ref('audit_candidates') }} as candidates
        on candidates.is_outcome_family and audit_columns.n_obs = candidates.n_obs
    left join {{ ref('stg_derived_series') }} as chains
        on candidates.numerator_series = chains.series_code and chains.operation = 'chain'
    inner join {{ ref('stg_variables') }} as variables
        on audit_columns.outcome = variables.variable_code and variables.role = 'outcome'
    where
        audit_columns.has_entity_effects and audit_columns.has_year_effects and not audit_columns.is_iv
        and audit_columns.adj_r2_low is not null and candidates.within_squares is not null
),

outcomes_compared as (
    select
        table_code, model_code, adj_r2_printed,
        max(adj_r2_low) as printed_low, max(adj_r2_high) as printed_high,
        min(case when deflation = 'as defined' then least_adj_r2 end) as least_as_defined,
        min(case when deflation = 'volume' then least_adj_r2 end) as least_volume,
        min(case when deflation = 'price' then least_adj_r2 end) as least_price,
        min(case when deflation = 'none' then least_adj_r2 end) as least_nominal
    from floors
    group by table_code, model_code, adj_r2_printed
),

outcomes_judged as (
    select
        *,
        case
            when least_as_defined is null then 'not decidable'
            when least_as_defined <= printed_high then 'consistent'
            when least(least_volume, least_price) > printed_high then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from outcomes_compared
),

final as (
    select
        'A17' as rule, 'A17.fit' as reason, table_code, model_code,
        printed_low, printed_high, least_as_defined as implied_low, 1.0 as implied_high,
        verdict, 'fit ' || verdict as conclusion,
        {{ arguments({
            'adj_r2': 'adj_r2_printed', 'least_as_defined': 'least_as_defined', 'least_volume': 'least_volume',
            'least_price': 'least_price', 'least_nominal': 'least_nominal',
        }) }} as arguments
    from outcomes_judged
)

select * from final
