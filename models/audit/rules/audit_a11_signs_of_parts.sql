{{ config(materialized='ephemeral') }}
{#-
A11, an index that is a positive linear combination of its parts (index.part), each alone with the same controls:
    b var(index) = sum_k w_k b_k var(part_k), so it has the sign that all parts share
A score that is not linear in its parts (TOPSIS) need not keep it, so a miss is "not decidable".
-#}
with

coefficients as (
    select * from {{ ref('audit_coefficients') }}
    where equation = 'main' and low is not null
),

composites as (
    select
        whole.table_code, whole.model_code, whole.term, whole.estimate_printed, whole.low as printed_low,
        whole.high as printed_high, min(parts.low) as lowest, max(parts.high) as highest, count(*) as parts
    from coefficients as whole
    inner join coefficients as parts
        on
            whole.table_code = parts.table_code and whole.model_code != parts.model_code
            and parts.term like whole.term || '.%'
    group by whole.table_code, whole.model_code, whole.term, whole.estimate_printed, whole.low, whole.high
),

bounds as (
    select
        *,
        case when lowest > 0 then 0.0 else -cast('infinity' as double) end as implied_low,
        case when highest < 0 then 0.0 else cast('infinity' as double) end as implied_high
    from composites
),

judged as (
    select
        *,
        case
            when printed_high >= implied_low and printed_low <= implied_high then 'consistent' else 'not decidable'
        end as verdict
    from bounds
),

final as (
    select
        'A11' as rule, 'A11.sign' as reason, table_code, model_code,
        printed_low, printed_high, implied_low, implied_high, verdict, verdict as conclusion,
        {{ arguments({'term': 'term', 'printed': 'estimate_printed', 'parts': 'parts'}) }} as arguments
    from judged
)

select * from final
