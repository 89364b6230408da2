{{ config(materialized='ephemeral') }}
{#-
A14: the printed critical value is that of the claimed (endogenous, instruments) in Stock and Yogo (2005), Table 5.2.
-#}
with

stock_yogo (endogenous, instruments, size, critical_value) as (
    values
    (1, 1, '10', 16.38), (1, 1, '15', 8.96), (1, 1, '20', 6.66), (1, 1, '25', 5.53), (1, 2, '10', 19.93),
    (1, 2, '15', 11.59), (1, 2, '20', 8.75), (1, 2, '25', 7.25), (1, 3, '10', 22.3), (1, 3, '15', 12.83),
    (1, 3, '20', 9.54), (1, 3, '25', 7.8), (2, 2, '10', 7.03), (2, 2, '15', 4.58), (2, 2, '20', 3.95),
    (2, 2, '25', 3.63)
),

printed_critical_values as (
    select table_code, model_code, replace(quantity, 'stock_yogo_', '') as size, printed, low, high
    from {{ ref('audit_cells') }}
    where quantity like 'stock~_yogo~_%' escape '~'
),

judged as (
    select
        cells.*, designs.n_endogenous, designs.n_instruments, stock_yogo.critical_value,
        case
            when stock_yogo.critical_value is null or cells.low is null then 'not decidable'
            when stock_yogo.critical_value between cells.low and cells.high then 'consistent'
            else 'inconsistent as printed'
        end as verdict
    from printed_critical_values as cells
    inner join {{ ref('audit_columns') }} as designs
        on cells.table_code = designs.table_code and cells.model_code = designs.model_code and designs.is_iv
    left join stock_yogo
        on
            designs.n_endogenous = stock_yogo.endogenous and designs.n_instruments = stock_yogo.instruments
            and cells.size = stock_yogo.size
),

final as (
    select
        'A14' as rule, 'A14' as reason, table_code, model_code,
        low as printed_low, high as printed_high, critical_value as implied_low, critical_value as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({
            'size': 'size', 'printed': 'printed', 'endogenous': 'n_endogenous', 'instruments': 'n_instruments',
        }) }} as arguments
    from judged
)

select * from final
