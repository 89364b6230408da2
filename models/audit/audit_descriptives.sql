{#-
A12, for one printed row (mean m, sample standard deviation s, minimum a, maximum b, n observations):
    a <= m <= b
    s^2 <= n / (n - 1) (b - m)(m - a)                                  Bhatia and Davis (2000)
    s^2 >= ((b - m)^2 + (m - a)^2 + (a + b - 2 m)^2 / (n - 2)) / (n - 1)    as a and b are observed
    lowest_possible <= a,  b <= highest_possible                        bounds that follow from the definition
Each bound is taken at the end of its intervals that favours the printed row.
-#}
with

definitions as (
    select * from {{ ref('published_descriptives') }}
),

intervals as (
    select
        term as variable_code,
        max(case when quantity = 'obs' then printed_value end) as n_obs,
        max(case when quantity = 'mean' then low end) as mean_low,
        max(case when quantity = 'mean' then high end) as mean_high,
        max(case when quantity = 'std_dev' then low end) as sd_low,
        max(case when quantity = 'std_dev' then high end) as sd_high,
        max(case when quantity = 'min' then low end) as min_low,
        max(case when quantity = 'min' then high end) as min_high,
        max(case when quantity = 'max' then low end) as max_low,
        max(case when quantity = 'max' then high end) as max_high,
        max(case when quantity = 'mean' then printed end) as mean_printed,
        max(case when quantity = 'std_dev' then printed end) as sd_printed,
        max(case when quantity = 'min' then printed end) as min_printed,
        max(case when quantity = 'max' then printed end) as max_printed
    from {{ ref('audit_cells') }}
    where table_code = 'descriptives'
    group by term
),

-- (b - m)(m - a) is largest at the widest range and at the mean nearest to its middle.
widest as (
    select
        *,
        least(greatest((min_low + max_high) / 2, mean_low), mean_high) as middle_mean
    from intervals
),

-- The least sum of squares is convex in (m, a, b) and falls with a and b moving towards m: take the narrow range and
-- the mean nearest to its middle.
variances as (
    select
        *,
        least(greatest((min_high + max_low) / 2, mean_low), mean_high) as nearest_mean,
        n_obs / nullif(n_obs - 1, 0) * (max_high - middle_mean) * (middle_mean - min_low) as variance_highest
    from widest
),

lowest_variances as (
    select
        *,
        case
            when n_obs > 2 and nearest_mean between min_high and max_low
                then (
                    power(max_low - nearest_mean, 2) + power(nearest_mean - min_high, 2)
                    + power(min_high + max_low - 2 * nearest_mean, 2) / (n_obs - 2)
                ) / (n_obs - 1)
        end as variance_lowest
    from variances
),

checked as (
    select
        variable_code, 'mean inside [min, max]' as checks,
        'mean = ' || mean_printed || ', min = ' || min_printed || ', max = ' || max_printed as cells,
        mean_low as printed_low, mean_high as printed_high, min_low as implied_low, max_high as implied_high
    from lowest_variances
    union all
    select
        variable_code, 'standard deviation between its bounds' as checks,
        'std_dev = ' || sd_printed || ', mean = ' || mean_printed || ', min = ' || min_printed || ', max = '
        || max_printed || ', obs = ' || {{ shown('n_obs', 0) }} as cells,
        sd_low as printed_low, sd_high as printed_high,
        sqrt(coalesce(variance_lowest, 0.0)) as implied_low, sqrt(greatest(variance_highest, 0.0)) as implied_high
    from lowest_variances
    union all
    select
        lowest_variances.variable_code, 'range of the definition' as checks,
        'min = ' || lowest_variances.min_printed || ', max = ' || lowest_variances.max_printed || ' ('
        || coalesce(published.printed_definition, lowest_variances.variable_code) || ')' as cells,
        lowest_variances.min_high as printed_low, lowest_variances.max_low as printed_high,
        coalesce({{ plain_number('published.lowest_possible') }}, -cast('infinity' as double)) as implied_low,
        coalesce({{ plain_number('published.highest_possible') }}, cast('infinity' as double)) as implied_high
    from lowest_variances
    inner join definitions as published
        on lowest_variances.variable_code = published.variable_code
    where coalesce(published.lowest_possible, published.highest_possible) is not null
),

judged as (
    select
        *,
        case
            when printed_low is null or implied_low is null or implied_high is null then 'not decidable'
            when checks = 'range of the definition' and (printed_low < implied_low or printed_high > implied_high)
                then 'inconsistent as printed'
            when checks != 'range of the definition' and (printed_high < implied_low or printed_low > implied_high)
                then 'inconsistent as printed'
            else 'consistent'
        end as verdict
    from checked
),

final as (
    select
        'A12' as rule, 'descriptives' as table_code, variable_code as model_code, cells,
        printed_low, printed_high, implied_low, implied_high, verdict,
        case checks
            when 'mean inside [min, max]' then '均值应在最小值与最大值之间'
            when 'range of the definition' then '最小值与最大值应在定义允许的范围内'
            else '标准差应在由均值、极值与观测数推出的上下界之间'
        end || '：' || {{ bounds('implied_low', 'implied_high') }}
        || case verdict
            when 'consistent' then '；印刷数字与之相符。'
            when 'not decidable' then '；所需数字未印刷。'
            else '；印刷数字不在其中：该行的标签、单位或数字之一与其他不符。'
        end as explanation_zh,
        case checks
            when 'mean inside [min, max]' then 'The mean lies between minimum and maximum'
            when 'range of the definition' then 'Minimum and maximum lie in the range that the definition allows'
            else 'The standard deviation lies between the bounds that mean, range and number of observations imply'
        end || ': ' || {{ bounds('implied_low', 'implied_high') }}
        || case verdict
            when 'consistent' then '; the printed figures agree.'
            when 'not decidable' then '; a figure it needs is not printed.'
            else '; the printed figures lie outside: label, unit or one of the figures does not belong to this row.'
        end as explanation_en
    from judged
)

select * from final
