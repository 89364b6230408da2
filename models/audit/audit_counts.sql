{#-
A5   N <= entities x years;  with a lag inside the sample N <= entities x (years - rows lost)
A10  the N of the columns that are the parts of one column add up to its N
A15  K = n - (n - 1)(1 - R2) / (1 - adjusted R2), from 1 - adjusted R2 = (1 - R2)(n - 1) / (n - K)
The K of A15 counts the constant; whether absorbed effects are in it differs between programs, so every count that is
in use is allowed: slopes + 1, plus years, plus entities, plus both.
-#}
with

audit_columns as (
    select * from {{ ref('audit_columns') }}
),

sample_sizes as (
    select
        'A5' as rule,
        table_code,
        model_code,
        'n_obs = ' || {{ shown('n_obs', 0) }} || ', n_entities = ' || {{ shown('n_entities', 0) }} || ', n_years = '
        || {{ shown('n_years', 0) }} || ', n_lags = ' || {{ shown('coalesce(n_lags, 0)', 0) }} as cells,
        n_obs as printed_low,
        n_obs as printed_high,
        1.0 as implied_low,
        n_entities * (n_years - coalesce(n_lags, 0)) as implied_high,
        case
            when n_entities * n_years is null then 'not decidable'
            when n_obs > n_entities * n_years then 'inconsistent as printed'
            when n_obs > n_entities * (n_years - coalesce(n_lags, 0)) then 'not decidable'
            else 'consistent'
        end as verdict,
        cast(null as string) as counted
    from audit_columns
    where n_obs is not null and n_entities is not null and n_years is not null
),

part_sums as (
    select
        table_code,
        part_of,
        sum(n_obs) as parts_sum,
        count(n_obs) as parts_printed,
        count(*) as parts
    from audit_columns
    where part_of is not null
    group by table_code, part_of
),

group_sizes as (
    select
        'A10' as rule,
        part_sums.table_code,
        cast(null as string) as model_code,
        'sum of n_obs = ' || {{ shown('part_sums.parts_sum', 0) }} || ' (' || {{ shown('part_sums.parts_printed', 0) }}
        || ' of ' || {{ shown('part_sums.parts', 0) }} || ' columns), n_obs of ' || part_sums.part_of || ' = '
        || {{ shown('wholes.n_obs', 0) }} as cells,
        part_sums.parts_sum as printed_low,
        part_sums.parts_sum as printed_high,
        wholes.n_obs as implied_low,
        wholes.n_obs as implied_high,
        case
            when part_sums.parts_printed < part_sums.parts or wholes.n_obs is null then 'not decidable'
            when part_sums.parts_sum = wholes.n_obs then 'consistent'
            else 'inconsistent as printed'
        end as verdict,
        cast(null as string) as counted
    from part_sums
    left join audit_columns as wholes on part_sums.part_of = wholes.table_code || '.' || wholes.model_code
),

parameter_intervals as (
    select
        *,
        n_obs - (n_obs - 1) * (1 - r2_low) / nullif(1 - adj_r2_high, 0) as k_low,
        n_obs - (n_obs - 1) * (1 - r2_high) / nullif(1 - adj_r2_low, 0) as k_high
    from audit_columns
    where r2_low is not null and adj_r2_low is not null and n_obs is not null
),

possible_parameters as (
    select table_code, model_code, k_low, k_high, slopes + 1 as k, 'slopes and constant' as counted
    from parameter_intervals
    union all
    select table_code, model_code, k_low, k_high, slopes as k, 'slopes only' as counted
    from parameter_intervals
    union all
    select table_code, model_code, k_low, k_high, slopes + n_years as k, 'with year effects' as counted
    from parameter_intervals
    union all
    select table_code, model_code, k_low, k_high, slopes + n_entities as k, 'with entity effects' as counted
    from parameter_intervals
    union all
    select table_code, model_code, k_low, k_high, slopes + n_entities + n_years - 1 as k, 'with both effects' as counted
    from parameter_intervals
),

matched_parameters as (
    select
        table_code,
        model_code,
        {{ joined_text("counted || ' (' || " ~ shown('k', 0) ~ " || ')'", ', ', 'k') }} as counted
    from possible_parameters
    where k between k_low and k_high
    group by table_code, model_code
),

parameters as (
    select
        'A15' as rule,
        intervals.table_code,
        intervals.model_code,
        'r2 in ' || {{ bounds('intervals.r2_low', 'intervals.r2_high', 5) }} || ', adj_r2 = '
        || intervals.adj_r2_printed || ', n_obs = ' || {{ shown('intervals.n_obs', 0) }} as cells,
        intervals.slopes + 1.0 as printed_low,
        intervals.slopes + 1.0 + intervals.effect_parameters as printed_high,
        intervals.k_low as implied_low,
        intervals.k_high as implied_high,
        case
            when matched_parameters.counted is not null then 'consistent'
            when intervals.k_low is null or intervals.k_high is null then 'not decidable'
            -- More parameters than slopes and constant can be effects or dummies that the table does not state.
            when intervals.k_low > intervals.slopes + 1 and intervals.n_entities + intervals.n_years is null
                then 'not decidable'
            else 'inconsistent as printed'
        end as verdict,
        matched_parameters.counted
    from parameter_intervals as intervals
    left join matched_parameters
        on
            intervals.table_code = matched_parameters.table_code
            and intervals.model_code = matched_parameters.model_code
),

checks as (
    select * from sample_sizes
    union all
    select * from group_sizes
    union all
    select * from parameters
),

final as (
    select
        rule, table_code, model_code, cells, printed_low, printed_high, implied_low, implied_high, verdict,
        case rule
            when 'A5'
                then
                    case verdict
                        when 'consistent' then '观测数不超过个体数乘以年数（扣除滞后所失）：'
                        when 'not decidable'
                            then '样本内取滞后会使每个个体失去年份；印刷的观测数只有在使用样本期之前的数值时才可能，表中未说明：最多 '
                        else '观测数超过个体数乘以年数：'
                    end || {{ shown('implied_high', 0) }} || '。'
            when 'A10'
                then
                    '各组观测数之和与全样本观测数：' || {{ shown('printed_low', 0) }} || ' 对 '
                    || {{ shown('implied_low', 0) }}
                    || case verdict when 'not decidable' then '；有的组未印刷观测数。' else '。' end
            else
                'R² 与调整后 R² 推出的参数个数在 ' || {{ bounds('implied_low', 'implied_high', 1) }} || ' 之间；'
                || coalesce('相符的计数方式：' || counted || '。', '与任何计数方式（含或不含固定效应）不符或无从判断：R²、调整后 R²、N 或参数个数之一与其他不符。')
        end as explanation_zh,
        case rule
            when 'A5'
                then
                    case verdict
                        when 'consistent' then 'N is at most entities times years, less the rows a lag costs: '
                        when 'not decidable'
                            then
                                'A lag inside the sample costs every entity its first years; the printed N needs '
                                || 'values from before the sample, not mentioned in the table. Without them at most '
                        else 'N exceeds entities times years: '
                    end || {{ shown('implied_high', 0) }} || '.'
            when 'A10'
                then
                    'The sizes of the groups against the whole: ' || {{ shown('printed_low', 0) }} || ' and '
                    || {{ shown('implied_low', 0) }}
                    || case verdict when 'not decidable' then '; the size of some group is not printed.' else '.' end
            else
                'R2 and adjusted R2 imply a number of parameters in ' || {{ bounds('implied_low', 'implied_high', 1) }}
                || '; '
                || coalesce(
                    'this fits: ' || counted || '.',
                    'no way of counting that could be checked, with or without effects, fits: R2, adjusted R2, N or '
                    || 'the list of regressors does not belong with the others.'
                )
        end as explanation_en
    from checks
)

select * from final
