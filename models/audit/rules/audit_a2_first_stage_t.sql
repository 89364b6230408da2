{{ config(materialized='ephemeral') }}
{#-
A2, one instrument and classical standard errors: Cragg-Donald F = t^2 of the first stage.
A miss says that the standard errors are of another type, so it is never more than not decidable.
-#}
with

strengths as (
    select
        designs.table_code, designs.model_code, designs.f_printed, designs.f_low, designs.f_high,
        excluded.term, excluded.estimate_printed, excluded.se_printed,
        power(greatest(excluded.low, -excluded.high, 0.0) / nullif(excluded.se_high, 0), 2) as squared_low,
        power(greatest(abs(excluded.low), abs(excluded.high)) / nullif(excluded.se_low, 0), 2) as squared_high
    from {{ ref('audit_columns') }} as designs
    inner join {{ ref('audit_coefficients') }} as excluded
        on
            designs.table_code = excluded.table_code and designs.model_code = excluded.model_code
            and designs.instrument = excluded.term and excluded.equation = 'first_stage'
    where
        designs.is_iv and designs.n_instruments = 1 and designs.n_endogenous = 1 and designs.f_low is not null
        and excluded.term != 'constant'
),

judged as (
    select
        *,
        case when f_high >= squared_low and f_low <= squared_high then 'consistent' else 'not decidable' end as verdict
    from strengths
),

final as (
    select
        'A2' as rule, 'A2' as reason, table_code, model_code,
        f_low as printed_low, f_high as printed_high, squared_low as implied_low, squared_high as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({
            'f': 'f_printed', 'term': 'term', 'estimate': 'estimate_printed', 'std_error': 'se_printed',
        }) }} as arguments
    from judged
)

select * from final
