{{ config(materialized='ephemeral') }}
{#-
A18: a printed cell can be what it is called: 0 <= standard error, 0 <= p <= 1, R2 <= 1, and it can be read as a number.
No other rule uses a cell that is named here.
-#}
with

numbers_expected as (
    select * from {{ ref('audit_cells') }}
    where quantity not in ('effects', 'outcome', 'se_type', 'star_levels', 'part_of', 'same_as', 'sum_of', 'share_of')
),

unread as (
    select *, 'A18.unread' as reason, 'not decidable' as verdict
    from numbers_expected
    where printed_value is null
),

impossible as (
    select *, 'A18.impossible' as reason, 'inconsistent as printed' as verdict
    from numbers_expected
    where printed_value is not null and low is null
),

alone as (
    select cells.*, 'A18.alone' as reason, 'not decidable' as verdict
    from numbers_expected as cells
    left join numbers_expected as beside
        on
            cells.table_code = beside.table_code and cells.model_code = beside.model_code
            and cells.equation = beside.equation and cells.term = beside.term
            and beside.quantity in ('std_error', 't_value', 'p_value', 'conf_low')
    where cells.quantity = 'estimate' and cells.low is not null and beside.quantity is null
),

named as (
    select * from unread
    union all
    select * from impossible
    union all
    select * from alone
),

final as (
    select
        'A18' as rule, reason, coalesce(table_code, '') as table_code, model_code,
        printed_value as printed_low, printed_value as printed_high,
        cast(null as double) as implied_low, cast(null as double) as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({
            'name': "case when equation != 'main' then equation || ' ' else '' end || coalesce(term || ' ', '') || quantity",
            'printed': 'printed',
        }) }} as arguments
    from named
)

select * from final
