{{ config(materialized='ephemeral') }}
{#- A11, sum_of: an outcome that is the sum of others, on the same regressors, has b = b_1 + b_2 + ... -#}
with

coefficients as (
    select *, table_code || '.' || model_code as address
    from {{ ref('audit_coefficients') }}
    where equation = 'main' and low is not null
),

sums as (
    select
        outcomes.table_code, outcomes.model_code, whole.term, whole.estimate_printed,
        whole.low as printed_low, whole.high as printed_high,
        sum(parts.low) as implied_low, sum(parts.high) as implied_high, count(*) as parts,
        length(trim(outcomes.sum_of)) - length(replace(trim(outcomes.sum_of), ' ', '')) + 1 as parts_stated
    from {{ ref('audit_columns') }} as outcomes
    inner join coefficients as whole
        on outcomes.table_code = whole.table_code and outcomes.model_code = whole.model_code
    inner join coefficients as parts
        on
            position(' ' || parts.address || ' ' in ' ' || outcomes.sum_of || ' ') > 0
            and whole.term = parts.term
    where outcomes.sum_of is not null
    group by
        outcomes.table_code, outcomes.model_code, outcomes.sum_of, whole.term, whole.estimate_printed,
        whole.low, whole.high
),

judged as (
    select
        *,
        case
            when printed_high >= implied_low and printed_low <= implied_high then 'consistent'
            else 'inconsistent as printed'
        end as verdict
    from sums
    where parts = parts_stated
),

final as (
    select
        'A11' as rule, 'A11.sum_of' as reason, table_code, model_code,
        printed_low, printed_high, implied_low, implied_high, verdict, verdict as conclusion,
        {{ arguments({'term': 'term', 'printed': 'estimate_printed', 'parts': 'parts'}) }} as arguments
    from judged
)

select * from final
