{#-
A11 and A13, linear identities between printed coefficients:
    same_as   a column that is printed again repeats every number
    sum_of    an outcome that is the sum of other outcomes, on the same regressors: b = b_1 + b_2 + ...
    an index that is a positive linear combination of its parts (index.part), each alone with the same controls:
              b var(index) = sum_k w_k b_k var(part_k), so it has the sign that all parts share
    A13: with one instrument the reduced form is first stage x second stage, whatever the standard errors
A score that is not linear in its parts (TOPSIS) need not keep the third, so a miss there is "not decidable".
-#}
with

cells as (
    select
        *, table_code || '.' || model_code as address
    from {{ ref('audit_cells') }}
    where term is not null and model_code is not null and quantity in ('estimate', 'std_error') and low is not null
),

audit_columns as (
    select * from {{ ref('audit_columns') }}
),

repeated as (
    select
        audit_columns.table_code, audit_columns.model_code, 'same_as' as identity,
        here.term || ' ' || here.quantity || ' = ' || here.printed || '; ' || there.address || ': ' || there.printed
            as cells,
        here.low as printed_low, here.high as printed_high, there.low as implied_low, there.high as implied_high
    from audit_columns
    inner join cells as here
        on audit_columns.table_code = here.table_code and audit_columns.model_code = here.model_code
    inner join cells as there
        on
            audit_columns.same_as = there.address and here.term = there.term
            and here.equation = there.equation and here.quantity = there.quantity
),

sums as (
    select
        audit_columns.table_code, audit_columns.model_code, whole.term,
        whole.printed, whole.low as printed_low, whole.high as printed_high,
        sum(parts.low) as implied_low, sum(parts.high) as implied_high, count(*) as parts,
        length(trim(audit_columns.sum_of)) - length(replace(trim(audit_columns.sum_of), ' ', '')) + 1 as parts_stated
    from audit_columns
    inner join cells as whole
        on
            audit_columns.table_code = whole.table_code and audit_columns.model_code = whole.model_code
            and whole.quantity = 'estimate' and whole.equation = 'main'
    inner join cells as parts
        on
            position(' ' || parts.address || ' ' in ' ' || audit_columns.sum_of || ' ') > 0
            and whole.term = parts.term and parts.quantity = 'estimate' and parts.equation = 'main'
    where audit_columns.sum_of is not null
    group by
        audit_columns.table_code, audit_columns.model_code, audit_columns.sum_of, whole.term, whole.printed,
        whole.low, whole.high
),

composites as (
    select
        whole.table_code, whole.model_code, whole.term, whole.printed, whole.low as printed_low,
        whole.high as printed_high, min(parts.low) as lowest, max(parts.high) as highest, count(*) as parts
    from cells as whole
    inner join cells as parts
        on
            whole.table_code = parts.table_code and whole.model_code != parts.model_code
            and parts.term like whole.term || '.%'
    where
        whole.quantity = 'estimate' and parts.quantity = 'estimate'
        and whole.equation = 'main' and parts.equation = 'main'
    group by whole.table_code, whole.model_code, whole.term, whole.printed, whole.low, whole.high
),

-- One instrument and one slope printed, so that slope is the endogenous regressor.
stages as (
    select
        audit_columns.table_code,
        audit_columns.model_code,
        reduced.term || ': reduced form = ' || reduced.printed || '; first stage = ' || first_stage.printed
        || ', second stage = ' || second_stage.printed as cells,
        reduced.low as printed_low,
        reduced.high as printed_high,
        least(
            first_stage.low * second_stage.low, first_stage.low * second_stage.high,
            first_stage.high * second_stage.low, first_stage.high * second_stage.high
        ) as implied_low,
        greatest(
            first_stage.low * second_stage.low, first_stage.low * second_stage.high,
            first_stage.high * second_stage.low, first_stage.high * second_stage.high
        ) as implied_high
    from audit_columns
    inner join cells as first_stage
        on
            audit_columns.table_code = first_stage.table_code
            and audit_columns.model_code = first_stage.model_code
            and audit_columns.instrument = first_stage.term
            and first_stage.equation = 'first_stage' and first_stage.quantity = 'estimate'
    inner join cells as reduced
        on
            first_stage.address = reduced.address and first_stage.term = reduced.term
            and reduced.equation = 'reduced_form' and reduced.quantity = 'estimate'
    inner join cells as second_stage
        on
            first_stage.address = second_stage.address and second_stage.term != 'constant'
            and second_stage.equation = 'main' and second_stage.quantity = 'estimate'
    where audit_columns.n_instruments = 1 and audit_columns.n_endogenous = 1 and audit_columns.printed_slopes = 1
),

checks as (
    select * from repeated
    union all
    select
        table_code, model_code, 'sum_of' as identity,
        term || ' = ' || printed || '; sum of ' || {{ shown('parts', 0) }} || ' columns' as cells,
        printed_low, printed_high, implied_low, implied_high
    from sums
    where parts = parts_stated
    union all
    select
        table_code, model_code, 'sign' as identity,
        term || ' = ' || printed || '; ' || {{ shown('parts', 0) }} || ' parts' as cells,
        printed_low, printed_high,
        case when lowest > 0 then 0.0 else -cast('infinity' as double) end as implied_low,
        case when highest < 0 then 0.0 else cast('infinity' as double) end as implied_high
    from composites
    union all
    select
        table_code, model_code, 'reduced_form' as identity, cells, printed_low, printed_high, implied_low, implied_high
    from stages
),

judged as (
    select
        *,
        case
            when printed_high >= implied_low and printed_low <= implied_high then 'consistent'
            when identity = 'sign' then 'not decidable'
            else 'inconsistent as printed'
        end as verdict
    from checks
),

final as (
    select
        case identity when 'reduced_form' then 'A13' else 'A11' end as rule,
        table_code, model_code, cells, printed_low, printed_high, implied_low, implied_high, verdict,
        case identity
            when 'reduced_form'
                then '只有一个工具变量时，简化式系数等于第一、第二阶段系数之积：' || {{ bounds('implied_low', 'implied_high', 4) }}
            when 'same_as' then '同一回归重复印刷，两处数字应相同'
            when 'sum_of' then '被解释变量之和的系数等于各系数之和'
            else '若综合指数是各部分的正权线性组合，其系数与各部分共有的符号相同'
        end
        || case verdict
            when 'consistent' then '；相符。'
            when 'not decidable' then '；不符，但非线性得分不受此约束，无从判断。'
            else '；两者不同。'
        end as explanation_zh,
        case identity
            when 'reduced_form'
                then
                    'With one instrument the reduced form is the product of first and second stage: '
                    || {{ bounds('implied_low', 'implied_high', 4) }}
            when 'same_as' then 'One regression printed twice has the same numbers'
            when 'sum_of' then 'The coefficient of a sum of outcomes is the sum of their coefficients'
            else 'An index that is linear in its parts with positive weights has the sign that all parts share'
        end
        || case verdict
            when 'consistent' then '; they agree.'
            when 'not decidable' then '; it has not, but a score that is not linear is not bound by this.'
            else '; they differ.'
        end as explanation_en
    from judged
)

select * from final
