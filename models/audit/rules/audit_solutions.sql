{{ config(materialized='table') }}
{#-
One canonical correlation r^2 stands behind two statistics of an instrumented column (q excluded instruments):
    Anderson LM = N r^2,   Cragg-Donald F = r^2 / (1 - r^2) (N - L) / q,   L parameters in the first stage
    so L = N - q F (N / LM - 1)
The search of rules A3, A4 and A6: every whole N whose interval of L, from the printed digits, holds a whole number of at
least q. One row per column and such N, with the least and the greatest L.
-#}
with

-- 0 to 9999, the whole numbers of the search
digits as (
    select 0 as digit
    union all
    select 1
    union all
    select 2
    union all
    select 3
    union all
    select 4
    union all
    select 5
    union all
    select 6
    union all
    select 7
    union all
    select 8
    union all
    select 9
),

whole_numbers as (
    select thousands.digit * 1000 + hundreds.digit * 100 + tens.digit * 10 + ones.digit as n
    from digits as thousands
    cross join digits as hundreds
    cross join digits as tens
    cross join digits as ones
),

-- Where F > LM / q, L falls as N grows and L >= q ends the search; else it ends at twice the printed N, beyond which no
-- sample is looked for.
limits as (
    select
        table_code, model_code, n_obs, lm_low, lm_high, f_low, f_high,
        n_instruments as q,
        least(
            9999,
            case
                when n_instruments * f_low > lm_high
                    then ceil(n_instruments * (f_high - 1) / (n_instruments * f_low / lm_high - 1)) + 1
                else greatest(2 * coalesce(n_obs, 0), 1000)
            end
        ) as n_limit
    from {{ ref('audit_columns') }}
    where is_iv and lm_low > 0 and f_low > 0 and n_instruments is not null
),

parameter_intervals as (
    select
        limits.table_code, limits.model_code, limits.q, whole_numbers.n,
        whole_numbers.n - limits.q * limits.f_high * (whole_numbers.n / limits.lm_low - 1) as l_low,
        whole_numbers.n - limits.q * limits.f_low * (whole_numbers.n / limits.lm_high - 1) as l_high
    from limits
    inner join whole_numbers
        on
            limits.lm_low < whole_numbers.n
            and (
                limits.n_limit >= whole_numbers.n
                or limits.n_obs >= whole_numbers.n
            )
),

final as (
    select
        table_code, model_code, n,
        greatest(ceil(l_low - 1e-9), q) as l_least,
        least(floor(l_high + 1e-9), n - 1) as l_most
    from parameter_intervals
    where greatest(ceil(l_low - 1e-9), q) <= least(floor(l_high + 1e-9), n - 1)
)

select * from final
