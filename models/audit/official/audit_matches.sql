{#-
A17, the candidates against a printed row: one row per printed variable and candidate, the best first.
    digits of one figure = floor(-log10(2 |candidate - printed|)), at least 0 and at most the decimals printed, which is
    all of them where the candidate lies in the printed interval
Candidates that reproduce three figures, or deviate by at most a quarter of the printed standard deviation in all four
(they resemble the row), come first. The former are ranked by how many of mean, standard deviation, minimum and maximum
are reproduced to every printed digit, then by the digits of all four; the others by their largest deviation.
-#}
with

cells as (
    select * from {{ ref('audit_cells') }}
    where table_code = 'descriptives' and low is not null
),

printed_rows as (
    select
        term as variable_code,
        max(case when quantity = 'obs' then printed_value end) as n_obs,
        max(case when quantity = 'std_dev' then high end) as spread
    from cells
    group by term
),

candidate_figures as (
    select candidate, variable_code, deflation, n_obs, 'mean' as quantity, mean as figure
    from {{ ref('audit_candidates') }}
    union all
    select candidate, variable_code, deflation, n_obs, 'std_dev' as quantity, std_dev as figure
    from {{ ref('audit_candidates') }}
    union all
    select candidate, variable_code, deflation, n_obs, 'min' as quantity, min as figure
    from {{ ref('audit_candidates') }}
    union all
    select candidate, variable_code, deflation, n_obs, 'max' as quantity, max as figure
    from {{ ref('audit_candidates') }}
),

compared as (
    select
        cells.term as variable_code,
        candidate_figures.candidate,
        candidate_figures.variable_code as candidate_variable,
        candidate_figures.deflation,
        cells.quantity,
        candidate_figures.figure,
        candidate_figures.figure between cells.low and cells.high as is_reproduced,
        abs(candidate_figures.figure - cells.printed_value) as deviation,
        abs(candidate_figures.figure - cells.printed_value) / nullif(printed_rows.spread, 0) as relative_deviation,
        round(-log10(2 * cells.half_unit)) as decimals
    from cells
    inner join printed_rows on cells.term = printed_rows.variable_code
    inner join candidate_figures
        on
            cells.quantity = candidate_figures.quantity
            and candidate_figures.n_obs = coalesce(printed_rows.n_obs, candidate_figures.n_obs)
    where cells.quantity in ('mean', 'std_dev', 'min', 'max')
),

scored as (
    select
        variable_code,
        candidate,
        candidate_variable,
        deflation,
        sum(cast(is_reproduced as integer)) as reproduced,
        sum(
            case
                when is_reproduced then decimals
                when deviation > 0 then greatest(0, least(decimals, floor(-log10(2 * deviation))))
                else decimals
            end
        ) as digits,
        sum(decimals) as digits_printed,
        max(relative_deviation) as worst_deviation,
        max(case when quantity = 'mean' then figure end) as mean,
        max(case when quantity = 'std_dev' then figure end) as std_dev,
        max(case when quantity = 'min' then figure end) as min,
        max(case when quantity = 'max' then figure end) as max
    from compared
    group by variable_code, candidate, candidate_variable, deflation
),

final as (
    select
        *,
        coalesce(candidate_variable = variable_code, false) as is_as_defined,
        row_number() over (
            partition by variable_code
            order by
                case when reproduced >= 3 then 0 when worst_deviation <= 0.25 then 1 else 2 end,
                case when reproduced >= 3 then reproduced end desc nulls last,
                case when reproduced >= 3 then digits end desc nulls last,
                -- what differs in last bits only is equal on every engine
                round(worst_deviation, 9), candidate_variable nulls last, candidate
        ) as place
    from scored
)

select * from final
