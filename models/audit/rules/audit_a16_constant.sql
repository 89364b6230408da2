{{ config(materialized='ephemeral') }}
{#-
A16: the constant of a regression with absorbed effects is the one that means and coefficients imply.
A miss is "inconsistent" only where a column of the table shows that its constant has this form, or there are no effects.
-#}
with

implied as (
    select * from {{ ref('audit_implied_constants') }}
),

tables as (
    select table_code, max(case when is_absorbed_form then 1 else 0 end) = 1 as is_absorbed_table
    from implied
    group by table_code
),

judged as (
    select
        implied.*,
        case
            when implied.printed_low > implied.implied_high then implied.printed_low - implied.implied_high
            when implied.printed_high < implied.implied_low then implied.printed_high - implied.implied_low
            else 0.0
        end as gap,
        (implied.printed_low + implied.printed_high - implied.implied_low - implied.implied_high) / 2 as middle_gap,
        case
            when not implied.is_comparable or implied.implied_low is null then 'not decidable'
            when
                implied.printed_high >= implied.implied_low and implied.printed_low <= implied.implied_high
                then 'consistent'
            when implied.has_no_effects or tables.is_absorbed_table then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from implied
    inner join tables on implied.table_code = tables.table_code
),

final as (
    select
        'A16' as rule, 'A16' as reason, table_code, model_code,
        printed_low, printed_high, implied_low, implied_high, verdict, verdict as conclusion,
        {{ arguments({
            'constant': 'estimate_printed', 'outcome': 'outcome_code', 'gap': 'abs(gap)', 'middle_gap': 'middle_gap',
        }) }} as arguments
    from judged
)

select * from final
