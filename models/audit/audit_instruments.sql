{{ config(materialized='table') }}
{#-
One canonical correlation r^2 stands behind both statistics of an instrumented column (q excluded instruments):
    Anderson LM = N r^2,   Cragg-Donald F = r^2 / (1 - r^2) (N - L) / q,   L parameters in the first stage
so L = N - q F (N / LM - 1), and the whole solutions (N, L) are those of audit_solutions.
A3   a whole L exists for an N that a program may have used: N printed, less rows lost to lags, less absorbed effects
A4   two columns share N, and L differs by the controls added
A6   L counts the effects that the table claims (entities nested in clusters may be left out, years may not)
-#}
with

limits as (
    select
        *,
        n_instruments as q,
        n_instruments * f_low > lm_high or 2 * n_obs <= 9999 as is_complete
    from {{ ref('audit_columns') }}
    where is_iv and lm_low > 0 and f_low > 0 and n_instruments is not null
),

solutions as (
    select * from {{ ref('audit_solutions') }}
),

losses as (
    select rows_lost.lost, absorptions.absorbed
    from (values (0), (1)) as rows_lost (lost)
    cross join (values (0), (1), (2), (3), (4), (5)) as absorptions (absorbed)
),

-- The N that some program reports LM with: dofminus of a within transform takes entities (and years) off.
conventions as (
    select
        limits.table_code, limits.model_code,
        limits.n_obs - losses.lost * coalesce(limits.n_entities * limits.n_lags, 0)
        - case losses.absorbed
            when 1 then limits.n_entities
            when 2 then limits.n_entities + limits.n_years - 1
            when 3 then limits.n_entities - 1
            when 4 then limits.n_years
            when 5 then limits.n_years - 1
            else 0
        end as n
    from limits
    cross join losses
),

placed_solutions as (
    select
        *,
        row_number() over (partition by table_code, model_code order by n desc) as n_place,
        '(' || {{ shown('n', 0) }} || ', ' || {{ shown('l_least', 0) }} || ')' as solution
    from solutions
),

solution_lists as (
    select
        table_code, model_code, count(*) as solutions, max(l_most) as l_most,
        {{ joined_text('case when n_place <= 6 then solution end', ', ', 'n desc') }} as listed
    from placed_solutions
    group by table_code, model_code
),

possible as (
    select solutions.table_code, solutions.model_code, max(solutions.n) as n
    from solutions
    inner join conventions
        on
            solutions.table_code = conventions.table_code and solutions.model_code = conventions.model_code
            and solutions.n = conventions.n
    group by solutions.table_code, solutions.model_code
),

pairs as (
    select
        a.table_code, a.model_code as model_a, b.model_code as model_b, b.slopes - a.slopes as added,
        a.is_complete and b.is_complete as is_complete,
        row_number() over (partition by a.table_code, a.model_code order by b.slopes, b.model_code) as nearness
    from limits as a
    inner join limits as b
        on a.table_code = b.table_code and a.n_obs = b.n_obs and a.slopes < b.slopes and a.q = b.q
),

joint_solutions as (
    select
        pairs.table_code, pairs.model_a, pairs.model_b, a.n,
        greatest(a.l_least, b.l_least - pairs.added) as l_a,
        greatest(a.l_least, b.l_least - pairs.added) + pairs.added as l_b
    from pairs
    inner join solutions as a on pairs.table_code = a.table_code and pairs.model_a = a.model_code
    inner join solutions as b on pairs.table_code = b.table_code and pairs.model_b = b.model_code and a.n = b.n
    where
        pairs.nearness = 1
        and greatest(a.l_least, b.l_least - pairs.added) <= least(a.l_most, b.l_most - pairs.added)
),

joint_texts as (
    select
        *,
        'N = ' || {{ shown('n', 0) }} || ', L = ' || {{ shown('l_a', 0) }} || ' and ' || {{ shown('l_b', 0) }}
            as solution
    from joint_solutions
),

joint_lists as (
    select
        table_code, model_a, model_b, count(*) as solutions, max(n) as n_most, min(n) as n_least,
        {{ joined_text('solution', '; ', 'n desc') }} as listed
    from joint_texts
    group by table_code, model_a, model_b
),

joint_numbers as (
    select table_code, model_a as model_code, n from joint_solutions
    union
    select table_code, model_b as model_code, n from joint_solutions
),

joint_tables as (
    select distinct table_code from joint_solutions
),

-- The parameters counted: those in L and those already taken off N. Joint solutions where a pair has them.
counted as (
    select solutions.table_code, solutions.model_code, max(limits.n_obs - solutions.n + solutions.l_most) as most
    from solutions
    inner join limits
        on solutions.table_code = limits.table_code and solutions.model_code = limits.model_code
    left join joint_numbers as joint
        on
            solutions.table_code = joint.table_code and solutions.model_code = joint.model_code
            and solutions.n = joint.n
    left join joint_tables on solutions.table_code = joint_tables.table_code
    where joint.n is not null or joint_tables.table_code is null
    group by solutions.table_code, solutions.model_code
),

checks as (
    select
        'A3' as rule, limits.table_code, limits.model_code,
        'anderson_lm = ' || limits.lm_printed || ', cragg_donald_f = ' || limits.f_printed || ', n_obs = '
        || {{ shown('limits.n_obs', 0) }} as cells,
        limits.n_obs as printed_low, limits.n_obs as printed_high,
        limits.n_obs - limits.q * limits.f_high * (limits.n_obs / limits.lm_low - 1) as implied_low,
        limits.n_obs - limits.q * limits.f_low * (limits.n_obs / limits.lm_high - 1) as implied_high,
        case
            when limits.n_obs is null or limits.n_obs > 9999 then 'not decidable'
            when possible.n is not null then 'consistent'
            else 'inconsistent as printed'
        end as verdict,
        coalesce(solution_lists.listed, '-') as detail
    from limits
    left join possible on limits.table_code = possible.table_code and limits.model_code = possible.model_code
    left join solution_lists
        on limits.table_code = solution_lists.table_code and limits.model_code = solution_lists.model_code
    union all
    select
        'A4' as rule, pairs.table_code, pairs.model_a || ' -> ' || pairs.model_b as model_code,
        'anderson_lm and cragg_donald_f of both columns; controls added: ' || {{ shown('pairs.added', 0) }} as cells,
        pairs.added as printed_low, pairs.added as printed_high,
        joint_lists.n_least as implied_low, joint_lists.n_most as implied_high,
        case
            when joint_lists.solutions > 0 then 'consistent'
            when pairs.is_complete then 'inconsistent as printed'
            else 'not decidable'
        end as verdict,
        coalesce(joint_lists.listed, '-') as detail
    from pairs
    left join joint_lists
        on
            pairs.table_code = joint_lists.table_code and pairs.model_a = joint_lists.model_a
            and pairs.model_b = joint_lists.model_b
    where pairs.nearness = 1
    union all
    select
        'A6' as rule, limits.table_code, limits.model_code,
        'effects: ' || limits.effects || '; parameters counted by LM and F: at most ' || {{ shown('counted.most', 0) }}
            as cells,
        counted.most as printed_low, counted.most as printed_high,
        limits.q + limits.slopes - 1 + case when limits.has_year_effects then limits.n_years else 0 end as implied_low,
        limits.q + limits.slopes + limits.effect_parameters as implied_high,
        case
            when counted.most is null or limits.effect_parameters is null then 'not decidable'
            when counted.most >= limits.q + limits.slopes + limits.effect_parameters then 'consistent'
            when
                limits.has_year_effects and limits.n_years is not null and limits.is_complete
                and counted.most < limits.q + limits.slopes - 1 + limits.n_years
                then 'inconsistent as printed'
            else 'not decidable'
        end as verdict,
        cast(null as string) as detail
    from limits
    left join counted on limits.table_code = counted.table_code and limits.model_code = counted.model_code
    where limits.has_entity_effects or limits.has_year_effects
),

final as (
    select
        rule, table_code, model_code, cells, printed_low, printed_high, implied_low, implied_high, verdict,
        case rule
            when 'A3'
                then
                    'LM 与 F 含同一典型相关，印刷的 N 推出第一阶段参数个数 L 在 '
                    || {{ bounds('implied_low', 'implied_high', 3) }} || ' 之间'
                    || case verdict
                        when 'consistent' then '；有整数解。'
                        when 'not decidable' then '；N 未印刷或超出搜索范围。'
                        else '；以印刷的 N、扣除滞后所失或扣除已吸收效应的 N，均无整数解。'
                    end || '全部整数解 (N, L)：' || detail || '。'
            when 'A4'
                then
                    '两列同一样本，L 相差新增控制变量个数的联合整数解：' || detail
                    || case verdict when 'inconsistent as printed' then '；无解：LM、F、N 或控制变量个数之一不符。' else '。' end
            else
                '所称固定效应至少需 ' || {{ shown('implied_low', 0) }} || ' 个（全部计入为 '
                || {{ shown('implied_high', 0) }} || ' 个）参数，LM 与 F 至多计入 ' || {{ shown('printed_high', 0) }} || ' 个'
                || case verdict
                    when 'consistent' then '，相符。'
                    when 'not decidable' then '；部分效应可能嵌套于聚类而不计，或 LM、F 无整数解，无从判断。'
                    else '：这两个统计量未计入固定效应；或模型不含效应，或数据先去均值而未调整自由度。'
                end
        end as explanation_zh,
        case rule
            when 'A3'
                then
                    'LM and F hold one canonical correlation; with the printed N the first stage has L in '
                    || {{ bounds('implied_low', 'implied_high', 3) }} || ' parameters'
                    || case verdict
                        when 'consistent' then '; a whole number fits.'
                        when 'not decidable' then '; N is not printed, or beyond the search.'
                        else
                            '; no whole number fits at the printed N, less rows lost to a lag, less absorbed effects.'
                    end || ' All whole solutions (N, L): ' || detail || '.'
            when 'A4'
                then
                    'Whole numbers with one N for both columns and L differing by the added controls: ' || detail
                    || case verdict
                        when
                            'inconsistent as printed'
                            then ' (none): LM, F, N or the number of controls does not belong.'
                        else '.'
                    end
            else
                'The effects claimed need at least ' || {{ shown('implied_low', 0) }} || ' parameters ('
                || {{ shown('implied_high', 0) }} || ' if all are counted); LM and F count at most '
                || {{ shown('printed_high', 0) }}
                || case verdict
                    when 'consistent' then ', which fits.'
                    when 'not decidable'
                        then
                            '. Nested effects may not be counted, or LM and F have no solution: it cannot be said.'
                    else
                        '. These statistics do not count the effects: there were none, or the data were demeaned '
                        || 'before without adjusting the degrees of freedom.'
                end
        end as explanation_en
    from checks
)

select * from final
