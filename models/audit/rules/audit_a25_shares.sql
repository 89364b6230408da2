{{ config(materialized='ephemeral') }}
{#-
A25: shares of one whole add up to it, within what rounding each of them can do.
    sum (v_k - h_k) <= whole <= sum (v_k + h_k)
Shares are the means of described variables and the statistics `share` of columns that say so by `share_of`: the number that
they add up to and, behind a blank, of what ('100 employment'). Equal cells of one table are one whole. Both ends count, so
a share may have been rounded either way at a tie.
-#}
with

stated as (
    select
        table_code,
        model_code,
        max(case when quantity = 'share_of' then printed end) as share_of,
        max(case when quantity = 'share' then low end) as low,
        max(case when quantity = 'share' then high end) as high
    from {{ ref('audit_claims') }}
    where quantity in ('share', 'share_of')
    group by table_code, model_code
    having max(case when quantity = 'share' then 1 else 0 end) = 1
),

shares as (
    select table_code, share_of, low, high from stated
    union all
    select 'descriptives' as table_code, definitions.share_of, described.mean_low as low, described.mean_high as high
    from {{ ref('published_descriptives') }} as definitions
    left join {{ ref('audit_described') }} as described on definitions.variable_code = described.variable_code
    where definitions.share_of is not null
),

wholes as (
    select
        table_code, share_of,
        {{ plain_number("split_part(share_of, ' ', 1)") }} as whole,
        sum(low) as printed_low,
        sum(high) as printed_high,
        count(low) as shares_printed,
        count(*) as shares
    from shares
    group by table_code, share_of
),

judged as (
    select
        *,
        case
            when whole is null or shares_printed < shares then 'not decidable'
            when whole < printed_low - 1e-9 * abs(whole) or whole > printed_high + 1e-9 * abs(whole)
                then 'inconsistent as printed'
            else 'consistent'
        end as verdict
    from wholes
),

final as (
    select
        'A25' as rule, 'A25' as reason, table_code, cast(null as string) as model_code,
        printed_low, printed_high, whole as implied_low, whole as implied_high, verdict, verdict as conclusion,
        {{ arguments({
            'shares_printed': 'shares_printed', 'shares': 'shares', 'share_of': "coalesce(share_of, '?')",
        }) }} as arguments
    from judged
)

select * from final
