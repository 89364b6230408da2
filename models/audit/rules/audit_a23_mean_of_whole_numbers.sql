{{ config(materialized='ephemeral') }}
{#-
A23 (GRIM), the mean m of n whole numbers, of which a dummy has 0 and 1 only:
    some whole sum S has S / n in [m - h, m + h], that is floor(n (m + h)) >= ceil(n (m - h)); 0 <= S, of a dummy S <= n
    h is half a unit of the last printed digit; both ends count, so a mean may have been rounded either way at a tie
Where 2 h n >= 1 some sum always fits, and nothing is checked. Only rows that say what they are (kind) are read. The sums are
widened by one part in 10^12, for binary fractions. Brown and Heathers (2017).
-#}
with

described as (
    select
        described.*,
        definitions.kind,
        greatest(described.mean_low, 0.0) as least_mean,
        case when definitions.kind = 'dummy' then least(described.mean_high, 1.0) else described.mean_high end
            as greatest_mean,
        case
            when definitions.kind = 'dummy' then least((described.mean_low + described.mean_high) / 2, 1.0)
            else (described.mean_low + described.mean_high) / 2
        end as middle
    from {{ ref('audit_described') }} as described
    inner join {{ ref('published_descriptives') }} as definitions on described.variable_code = definitions.variable_code
    where definitions.kind is not null
),

sums as (
    select
        *,
        ceil(n_obs * least_mean * (1 - 1e-12)) as least_sum,
        floor(n_obs * greatest_mean * (1 + 1e-12)) as greatest_sum,
        floor(n_obs * greatest(middle, 0.0) * (1 + 1e-12)) / nullif(n_obs, 0) as implied_low,
        ceil(n_obs * greatest(middle, 0.0) * (1 - 1e-12)) / nullif(n_obs, 0) as implied_high
    from described
),

judged as (
    select
        *,
        case
            when kind not in ('count', 'dummy') then 'of no kind'
            when n_obs is null or n_obs < 1 or mean_low is null then 'not decidable'
            when least_sum > greatest_sum then 'inconsistent as printed'
            when n_obs * (mean_high - mean_low) >= 1 then 'of many'
            else 'consistent'
        end as conclusion
    from sums
),

final as (
    select
        'A23' as rule, 'A23' as reason, 'descriptives' as table_code, variable_code as model_code,
        mean_low as printed_low, mean_high as printed_high, implied_low, implied_high,
        case when conclusion in ('of no kind', 'of many') then 'not decidable' else conclusion end as verdict,
        conclusion,
        {{ arguments({'mean': 'mean_printed', 'obs': 'n_obs', 'kind': 'kind'}) }} as arguments
    from judged
)

select * from final
