{{ config(materialized='ephemeral') }}
{#-
A5: N <= entities x years;  with a lag inside the sample N <= entities x (years - rows lost).
-#}
with

sizes as (
    select
        table_code, model_code, n_obs, n_entities, n_years, coalesce(n_lags, 0) as n_lags,
        n_entities * n_years as most,
        n_entities * (n_years - coalesce(n_lags, 0)) as most_with_lags
    from {{ ref('audit_columns') }}
    where n_obs is not null and n_entities is not null and n_years is not null
),

judged as (
    select
        *,
        case
            when n_obs > most then 'inconsistent as printed'
            when n_obs > most_with_lags then 'not decidable'
            else 'consistent'
        end as verdict
    from sizes
),

final as (
    select
        'A5' as rule, 'A5' as reason, table_code, model_code,
        n_obs as printed_low, n_obs as printed_high, 1.0 as implied_low, most_with_lags as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({'entities': 'n_entities', 'years': 'n_years', 'lags': 'n_lags'}) }} as arguments
    from judged
)

select * from final
