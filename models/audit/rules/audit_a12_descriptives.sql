{{ config(materialized='ephemeral') }}
{#-
A12, for one printed row (mean m, sample standard deviation s, minimum a, maximum b, n observations):
    a <= m <= b
    s^2 <= n / (n - 1) (b - m)(m - a)                                  Bhatia and Davis (2000)
    s^2 >= ((b - m)^2 + (m - a)^2 + (a + b - 2 m)^2 / (n - 2)) / (n - 1)    as a and b are observed
Each bound is taken at the end of its intervals that favours the printed row: (b - m)(m - a) is largest at the widest
range and at the mean nearest to its middle; the least sum of squares is convex in (m, a, b) and falls with a and b moving
towards m, so it is taken at the narrow range and the mean nearest to its middle.
-#}
with

means as (
    select
        *,
        least(greatest((min_low + max_high) / 2, mean_low), mean_high) as middle_mean,
        least(greatest((min_high + max_low) / 2, mean_low), mean_high) as nearest_mean
    from {{ ref('audit_described') }}
),

variances as (
    select
        *,
        n_obs / nullif(n_obs - 1, 0) * (max_high - middle_mean) * (middle_mean - min_low) as variance_highest,
        case
            when n_obs > 2 and nearest_mean between min_high and max_low
                then (
                    power(max_low - nearest_mean, 2) + power(nearest_mean - min_high, 2)
                    + power(min_high + max_low - 2 * nearest_mean, 2) / (n_obs - 2)
                ) / (n_obs - 1)
        end as variance_lowest
    from means
),

bounds as (
    select
        *, 'A12.mean' as reason,
        mean_low as printed_low, mean_high as printed_high, min_low as implied_low, max_high as implied_high
    from variances
    union all
    select
        *, 'A12.std_dev' as reason, sd_low as printed_low, sd_high as printed_high,
        sqrt(coalesce(variance_lowest, 0.0)) as implied_low, sqrt(greatest(variance_highest, 0.0)) as implied_high
    from variances
),

judged as (
    select
        *,
        case
            when printed_low is null or implied_low is null or implied_high is null then 'not decidable'
            when printed_high < implied_low or printed_low > implied_high then 'inconsistent as printed'
            else 'consistent'
        end as verdict
    from bounds
),

final as (
    select
        'A12' as rule, reason, 'descriptives' as table_code, variable_code as model_code,
        printed_low, printed_high, implied_low, implied_high, verdict, verdict as conclusion,
        {{ arguments({
            'mean': 'mean_printed', 'std_dev': 'sd_printed', 'min': 'min_printed', 'max': 'max_printed', 'obs': 'n_obs',
        }) }} as arguments
    from judged
)

select * from final
