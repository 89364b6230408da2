{{ config(materialized='ephemeral') }}
{#-
A19: t = b / se, so a printed t lies between the least and the greatest quotient that the digits allow; without a standard
error it has the sign of b. A table that prints a negative coefficient and no negative t may print |t|.
-#}
with

coefficients as (
    select * from {{ ref('audit_coefficients') }}
    where low is not null and t_low is not null
),

signed_tables as (
    select table_code, min(t_low) < 0 as has_signed_t
    from coefficients
    group by table_code
),

quotients as (
    select
        coefficients.*, signed_tables.has_signed_t,
        case
            when coefficients.low >= 0 then coalesce(coefficients.low / nullif(coefficients.se_high, 0), 0.0)
            else coalesce(coefficients.low / nullif(coefficients.se_low, 0), -cast('infinity' as double))
        end as quotient_low,
        case
            when coefficients.high <= 0 then coalesce(coefficients.high / nullif(coefficients.se_high, 0), 0.0)
            else coalesce(coefficients.high / nullif(coefficients.se_low, 0), cast('infinity' as double))
        end as quotient_high
    from coefficients
    inner join signed_tables on coefficients.table_code = signed_tables.table_code
),

bounds as (
    select
        *,
        case when has_signed_t then quotient_low else greatest(quotient_low, -quotient_high, 0.0) end as implied_low,
        case
            when has_signed_t then quotient_high else greatest(abs(quotient_low), abs(quotient_high))
        end as implied_high
    from quotients
),

judged as (
    select
        *,
        case
            when t_high >= implied_low and t_low <= implied_high then 'consistent' else 'inconsistent as printed'
        end as verdict
    from bounds
),

final as (
    select
        'A19' as rule, 'A19' as reason, table_code, model_code,
        t_low as printed_low, t_high as printed_high, implied_low, implied_high, verdict, verdict as conclusion,
        {{ arguments({
            'place': "case when equation != 'main' then equation || ', ' else '' end", 'term': 'term',
            'estimate': 'estimate_printed', 't': 't_printed', 'std_error': "coalesce(se_printed, '-')",
        }) }} as arguments
    from judged
)

select * from final
