{{ config(materialized='ephemeral') }}
{#- A11, same_as: a column that is printed again repeats every number. -#}
with

cells as (
    select
        *, table_code || '.' || model_code as address
    from {{ ref('audit_cells') }}
    where term is not null and model_code is not null and quantity in ('estimate', 'std_error') and low is not null
),

repeated as (
    select
        printed_columns.table_code, printed_columns.model_code,
        here.term, here.quantity, here.printed, there.address, there.printed as printed_there,
        here.low as printed_low, here.high as printed_high, there.low as implied_low, there.high as implied_high,
        case
            when here.high >= there.low and here.low <= there.high then 'consistent' else 'inconsistent as printed'
        end as verdict
    from {{ ref('audit_columns') }} as printed_columns
    inner join cells as here
        on printed_columns.table_code = here.table_code and printed_columns.model_code = here.model_code
    inner join cells as there
        on
            printed_columns.same_as = there.address and here.term = there.term
            and here.equation = there.equation and here.quantity = there.quantity
),

final as (
    select
        'A11' as rule, 'A11.same_as' as reason, table_code, model_code,
        printed_low, printed_high, implied_low, implied_high, verdict, verdict as conclusion,
        {{ arguments({
            'term': 'term', 'quantity': 'quantity', 'printed': 'printed', 'address': 'address',
            'printed_there': 'printed_there',
        }) }} as arguments
    from repeated
)

select * from final
