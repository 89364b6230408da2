{{ config(materialized='ephemeral') }}
{#-
A24 (DEBIT), the standard deviation s of a variable that is 0 or 1 follows from its mean p:
    s^2 = p (1 - p), times n / (n - 1) in a sample standard deviation; either divisor is in use
p goes over every number that rounds to the printed mean, up or down, and p (1 - p) is largest where p is nearest to 1/2.
Heathers and Brown (2019).
-#}
with

described as (
    select
        described.*,
        greatest(described.mean_low, 0.0) as least_mean,
        least(described.mean_high, 1.0) as greatest_mean
    from {{ ref('audit_described') }} as described
    inner join {{ ref('published_descriptives') }} as definitions on described.variable_code = definitions.variable_code
    where definitions.kind = 'dummy'
),

nearest as (
    select
        *,
        least(greatest(least_mean, 0.5), greatest_mean) as nearest_half
    from described
),

bounds as (
    select
        *,
        sqrt(greatest(least(least_mean * (1 - least_mean), greatest_mean * (1 - greatest_mean)), 0.0)) as implied_low,
        sqrt(greatest(nearest_half * (1 - nearest_half) * n_obs / nullif(n_obs - 1, 0), 0.0)) as implied_high
    from nearest
),

judged as (
    select
        *,
        case
            when sd_low is null or implied_high is null or least_mean > greatest_mean then 'not decidable'
            when sd_high < implied_low or sd_low > implied_high then 'inconsistent as printed'
            else 'consistent'
        end as verdict
    from bounds
),

final as (
    select
        'A24' as rule, 'A24' as reason, 'descriptives' as table_code, variable_code as model_code,
        sd_low as printed_low, sd_high as printed_high, implied_low, implied_high, verdict, verdict as conclusion,
        {{ arguments({'std_dev': 'sd_printed', 'mean': 'mean_printed', 'obs': 'n_obs'}) }} as arguments
    from judged
)

select * from final
