{#-
A17, what the comparison with official figures says: one row per printed variable that has candidates, and one per
least-squares column with both effects.
    least adjusted R2 of an outcome = 1 - (RSS of entity and year effects alone / (n - entities - years + 1 - slopes))
                                          / (TSS / (n - 1)),   as regressors never raise the RSS
A row is called inconsistent only where the study measures the definition as it stands (closeness A), another
definition reproduces at least three of the four figures, and at least two more than the definition does. A column,
where no deflated form of the outcome can have so low an adjusted R2.
-#}
with

matches as (
    select * from {{ ref('audit_matches') }}
),

printed as (
    select
        variable_code,
        'mean = ' || mean || ', std_dev = ' || std_dev || ', min = ' || min || ', max = ' || max as cells
    from {{ ref('published_descriptives') }}
),

rows_compared as (
    select
        printed.variable_code, printed.cells,
        best.candidate, best.candidate_variable, best.reproduced, best.digits, best.digits_printed,
        best.worst_deviation, best.mean, best.std_dev, best.min, best.max, best.is_as_defined as best_is_as_defined,
        own.reproduced as own_reproduced, own.digits as own_digits, own.worst_deviation as own_deviation,
        own.mean as own_mean, own.std_dev as own_std_dev, own.min as own_min, own.max as own_max,
        variables.closeness,
        case
            when own.reproduced = 4 then 'consistent'
            when
                best.reproduced >= 3 and own.reproduced <= best.reproduced - 2
                and coalesce(variables.closeness, 'A') = 'A' and not best.is_as_defined
                then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from printed
    inner join matches as best on printed.variable_code = best.variable_code and best.place = 1
    left join matches as own on printed.variable_code = own.variable_code and own.is_as_defined
    left join {{ ref('stg_variables') }} as variables on printed.variable_code = variables.variable_code
),

floors as (
    select
        audit_columns.table_code, audit_columns.model_code, audit_columns.adj_r2_printed,
        audit_columns.adj_r2_low, audit_columns.adj_r2_high,
        case
            when candidates.variable_code = audit_columns.outcome then 'as defined'
            when
                candidates.variable_code is not null and candidates.deflation = 'none'
                and chains.series_code is not null then 'chained'
            else candidates.deflation
        end as deflation,
        1 - (
            candidates.within_squares
            / nullif(candidates.n_obs - candidates.effect_parameters - audit_columns.slopes, 0)
        ) / nullif(candidates.total_squares / (candidates.n_obs - 1), 0) as least_adj_r2
    from {{ ref('audit_columns') }} as audit_columns
    inner join {{ ref('audit_candidates') }} as candidates
        on candidates.is_outcome_family and audit_columns.n_obs = candidates.n_obs
    left join {{ ref('stg_derived_series') }} as chains
        on candidates.numerator_series = chains.series_code and chains.operation = 'chain'
    inner join {{ ref('stg_variables') }} as variables
        on audit_columns.outcome = variables.variable_code and variables.role = 'outcome'
    where
        audit_columns.has_entity_effects and audit_columns.has_year_effects and not audit_columns.is_iv
        and audit_columns.adj_r2_low is not null and candidates.within_squares is not null
),

outcomes_compared as (
    select
        table_code, model_code, adj_r2_printed,
        max(adj_r2_low) as printed_low, max(adj_r2_high) as printed_high,
        min(case when deflation = 'as defined' then least_adj_r2 end) as least_as_defined,
        min(case when deflation = 'volume' then least_adj_r2 end) as least_volume,
        min(case when deflation = 'price' then least_adj_r2 end) as least_price,
        min(case when deflation = 'none' then least_adj_r2 end) as least_nominal
    from floors
    group by table_code, model_code, adj_r2_printed
),

outcomes_judged as (
    select
        *,
        case
            when least_as_defined is null then 'not decidable'
            when least_as_defined <= printed_high then 'consistent'
            when least(least_volume, least_price) > printed_high then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from outcomes_compared
),

final as (
    select
        'A17' as rule, 'descriptives' as table_code, variable_code as model_code, cells,
        cast(null as double) as printed_low, cast(null as double) as printed_high,
        cast(reproduced as double) as implied_low, cast(4 as double) as implied_high, verdict,
        case
            when reproduced < 3 and worst_deviation > 0.25 then '没有候选定义与该行相近；最好的是 '
            when reproduced < 3 then '该行与下列候选定义相近而不相同：' else '与该行相符的候选定义是 '
        end || candidate
        || coalesce('（' || nullif(candidate_variable, variable_code) || '）', '')
        || '：'
        || {{ shown('mean') }}
        || '、'
        || {{ shown('std_dev') }}
        || '、'
        || {{ shown('min') }} || '、' || {{ shown('max') }} || '，四个数字中 ' || {{ shown('reproduced', 0) }}
        || ' 个与印刷位数全部相同（'
        || {{ shown('digits_printed', 0) }}
        || ' 位小数中 '
        || {{ shown('digits', 0) }}
        || ' 位），最大偏差为印刷标准差的 '
        || {{ shown('worst_deviation') }} || ' 倍'
        || case
            when best_is_as_defined then '；即所称定义。'
            when own_reproduced is null then '；所称定义无可用的完整序列。'
            else
                '；按所称定义为 ' || {{ shown('own_mean') }} || '、' || {{ shown('own_std_dev') }} || '、'
                || {{ shown('own_min') }}
                || '、'
                || {{ shown('own_max') }}
                || '（'
                || {{ shown('own_reproduced', 0) }}
                || ' 个相同）'
                || case verdict
                    when 'inconsistent as printed' then '：印刷的一行是前者，而非所称定义。'
                    when 'consistent' then '，亦相符。'
                    else '。'
                end
        end as explanation_zh,
        case
            when
                reproduced < 3 and worst_deviation > 0.25
                then 'No candidate definition resembles the row; the best is '
            when reproduced < 3 then 'The row resembles, without being, ' else 'The row is reproduced by '
        end || candidate
        || coalesce(' (' || nullif(candidate_variable, variable_code) || ')', '') || ': ' || {{ shown('mean') }} || ', '
        || {{ shown('std_dev') }} || ', ' || {{ shown('min') }} || ', ' || {{ shown('max') }} || '; '
        || {{ shown('reproduced', 0) }} || ' of the four figures are the printed ones to every digit ('
        || {{ shown('digits', 0) }} || ' of ' || {{ shown('digits_printed', 0) }}
        || ' decimals), the largest deviation is ' || {{ shown('worst_deviation') }} || ' printed standard deviations'
        || case
            when best_is_as_defined then '. It is the definition stated.'
            when own_reproduced is null then '. For the definition stated no complete series is at hand.'
            else
                '. As defined: ' || {{ shown('own_mean') }} || ', ' || {{ shown('own_std_dev') }} || ', '
                || {{ shown('own_min') }} || ', ' || {{ shown('own_max') }} || ' (' || {{ shown('own_reproduced', 0) }}
                || ' the same)'
                || case verdict
                    when 'inconsistent as printed' then ': the printed row is the former, not the definition stated.'
                    when 'consistent' then ', which agrees too.'
                    else '.'
                end
        end as explanation_en
    from rows_compared
    union all
    select
        'A17' as rule, table_code, model_code, 'adj_r2 = ' || adj_r2_printed as cells,
        printed_low, printed_high, least_as_defined as implied_low, 1.0 as implied_high, verdict,
        '仅有个体与年份效应时各种被解释变量的最小调整后 R²：按所称定义 ' || {{ shown('least_as_defined', 4) }} || '，以物量指数平减 '
        || {{ shown('least_volume', 4) }} || '，以价格指数平减 ' || {{ shown('least_price', 4) }} || '，名义 '
        || {{ shown('least_nominal', 4) }} || '；印刷值' || case verdict
            when 'consistent' then '可由所称定义得到。'
            when 'inconsistent as printed' then '低于任何平减序列所能得到的最小值。'
            else '不能由所称定义得到，其他形式的被解释变量则可能，无从判断。'
        end as explanation_zh,
        'Least adjusted R2, with entity and year effects alone, of the outcome as defined '
        || {{ shown('least_as_defined', 4) }} || ', deflated by a volume index ' || {{ shown('least_volume', 4) }}
        || ', by a price index ' || {{ shown('least_price', 4) }} || ', nominal ' || {{ shown('least_nominal', 4) }}
        || '. The printed value ' || case verdict
            when 'consistent' then 'can be had from the outcome as defined.'
            when 'inconsistent as printed' then 'is below the least of every deflated outcome.'
            else 'cannot be had from the outcome as defined; another form of it could: it cannot be said which.'
        end as explanation_en
    from outcomes_judged
)

select * from final
