{{ config(materialized='ephemeral') }}
{#-
A7, classical SE: s_b^2 / s_a^2 <= (se_b / se_a)^2 for every slope in both, as controls take variance from a regressor and
never add any; two-stage least squares with one instrument: <= (se_b / se_a)^2 F_b / F_a (up to degrees of freedom).
The rest is what the controls must remove. Standard errors that are not classical need not meet this, so a miss is
"inconsistent" only where the table says that they are classical, or where A2 shows it and the miss exceeds a factor of 4,
twice what a robust standard error usually differs by.
-#}
with

judged as (
    select
        *,
        case
            when variance_ratio_bound is null or fit_ratio_low is null then 'not decidable'
            when fit_ratio_low <= variance_ratio_bound then 'consistent'
            when is_stated_classical then 'inconsistent as printed'
            when is_shown_classical and fit_ratio_low > 4 * variance_ratio_bound then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from {{ ref('audit_nested_columns') }}
),

final as (
    select
        'A7' as rule, 'A7' as reason, table_code, model_a || ' -> ' || model_b as model_code,
        fit_ratio_low as printed_low, fit_ratio_high as printed_high,
        0.0 as implied_low, variance_ratio_bound as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({
            'adj_r2_a': 'adj_r2_printed_a', 'adj_r2_b': 'adj_r2_printed_b', 'model_a': 'model_a', 'model_b': 'model_b',
            'percent_removed': '100 * greatest(0.0, 1 - variance_ratio_bound)',
        }) }} as arguments
    from judged
)

select * from final
