{{ config(materialized='table') }}
{#-
What the first stage of an instrumented column says of its own statistics.
A2   one instrument, classical SE: Cragg-Donald F = t^2 of the first stage
A14  the printed critical value is that of the claimed (endogenous, instruments): Stock and Yogo (2005), Table 5.2
-#}
with

cells as (
    select
        *,
        case when equation = 'main' then 'second_stage' else equation end as stage
    from {{ ref('audit_cells') }}
    where term is not null and model_code is not null
),

terms as (
    select
        table_code, model_code, stage, term,
        max(case when quantity = 'estimate' then printed end) as printed,
        max(case when quantity = 'std_error' then printed end) as se_printed,
        max(case when quantity = 'estimate' then low end) as low,
        max(case when quantity = 'estimate' then high end) as high,
        max(case when quantity = 'std_error' then low end) as se_low,
        max(case when quantity = 'std_error' then high end) as se_high
    from cells
    where term != 'constant'
    group by table_code, model_code, stage, term
),

designs as (
    select *, n_instruments as q from {{ ref('audit_columns') }}
    where is_iv
),

excluded as (
    select terms.*
    from terms
    inner join designs
        on
            terms.table_code = designs.table_code and terms.model_code = designs.model_code
            and terms.term = designs.instrument
    where terms.stage = 'first_stage'
),

strengths as (
    select
        designs.table_code, designs.model_code, designs.f_printed, designs.f_low, designs.f_high,
        excluded.term, excluded.printed, excluded.se_printed,
        power(greatest(excluded.low, -excluded.high, 0.0) / nullif(excluded.se_high, 0), 2) as squared_low,
        power(greatest(abs(excluded.low), abs(excluded.high)) / nullif(excluded.se_low, 0), 2) as squared_high
    from designs
    inner join excluded
        on designs.table_code = excluded.table_code and designs.model_code = excluded.model_code
    where designs.q = 1 and designs.n_endogenous = 1 and designs.f_low is not null
),

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

checks as (
    select
        'A2' as rule, table_code, model_code,
        'cragg_donald_f = ' || f_printed || '; ' || term || ' = ' || printed || ' (' || se_printed || ')' as cells,
        f_low as printed_low, f_high as printed_high, squared_low as implied_low, squared_high as implied_high,
        case
            when squared_low is null or squared_high is null then 'not decidable'
            when f_high >= squared_low and f_low <= squared_high then 'consistent'
            else 'not decidable'
        end as verdict
    from strengths
    union all
    select
        'A14' as rule, printed.table_code, printed.model_code,
        'stock_yogo_' || printed.size || ' = ' || printed.printed || '; endogenous = '
        || {{ shown('designs.n_endogenous', 0) }} || ', instruments = ' || {{ shown('designs.q', 0) }} as cells,
        printed.low as printed_low, printed.high as printed_high,
        stock_yogo.critical_value as implied_low, stock_yogo.critical_value as implied_high,
        case
            when stock_yogo.critical_value is null then 'not decidable'
            when stock_yogo.critical_value between printed.low and printed.high then 'consistent'
            else 'inconsistent as printed'
        end as verdict
    from printed_critical_values as printed
    inner join designs on printed.table_code = designs.table_code and printed.model_code = designs.model_code
    left join stock_yogo
        on
            designs.n_endogenous = stock_yogo.endogenous and designs.q = stock_yogo.instruments
            and printed.size = stock_yogo.size
),

final as (
    select
        rule, table_code, model_code, cells, printed_low, printed_high, implied_low, implied_high, verdict,
        case rule
            when 'A2'
                then
                    '只有一个工具变量且标准误为同方差形式时，Cragg-Donald F 等于第一阶段 t²：'
                    || {{ bounds('implied_low', 'implied_high', 1) }}
                    || case verdict
                        when 'consistent' then '，相符：标准误看来是同方差形式。' else '，不符：标准误并非同方差形式（稳健或聚类），或该数字来自另一回归。'
                    end
            else
                'Stock-Yogo（2005）表中该格为 ' || {{ shown('implied_low', 2) }}
                || case verdict
                    when 'consistent' then '，相符。'
                    when 'not decidable' then '；本程序无此格。'
                    else '，不符：内生变量或工具变量个数、或水平有别。'
                end
        end as explanation_zh,
        case rule
            when 'A2'
                then
                    'With one instrument and classical standard errors the Cragg-Donald F is the squared t of the '
                    || 'first stage: ' || {{ bounds('implied_low', 'implied_high', 1) }}
                    || case verdict
                        when 'consistent' then '. It is: the standard errors look classical.'
                        else
                            '. It is not: the standard errors are not classical, or the F is of another '
                            || 'regression.'
                    end
            else
                'The cell of Stock and Yogo (2005) is ' || {{ shown('implied_low', 2) }}
                || case verdict
                    when 'consistent' then ', as printed.'
                    when 'not decidable' then ' (a cell that this audit does not hold).'
                    else '; the number of endogenous regressors or instruments, or the size, is another.'
                end
        end as explanation_en
    from checks
)

select * from final
