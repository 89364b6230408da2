{{ config(materialized='ephemeral') }}
{#-
What the columns of the printed tables claim, one row per column and statistic. A blank column stands for all columns of
the table, a blank table for all tables, and the claim that names more wins.
-#}
with

cells as (
    select * from {{ ref('audit_cells') }}
),

printed_columns as (
    select table_code, model_code from cells
    where table_code is not null and model_code is not null
    group by table_code, model_code
),

claims as (
    select table_code, model_code, quantity, printed, printed_value, low, high, 1 as preference
    from cells
    where term is null and table_code is not null and model_code is not null
    union all
    select printed_columns.*, cells.quantity, cells.printed, cells.printed_value, cells.low, cells.high, 2 as preference
    from printed_columns
    inner join cells on printed_columns.table_code = cells.table_code
    where cells.model_code is null and cells.term is null
    union all
    select printed_columns.*, cells.quantity, cells.printed, cells.printed_value, cells.low, cells.high, 3 as preference
    from printed_columns
    cross join cells
    where cells.table_code is null and cells.model_code is null and cells.term is null
),

ranked as (
    select
        *,
        row_number() over (partition by table_code, model_code, quantity order by preference) as place
    from claims
),

final as (
    select table_code, model_code, quantity, printed, printed_value, low, high
    from ranked
    where place = 1
)

select * from final
