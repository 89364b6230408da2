{{ config(materialized='ephemeral') }}
{#-
A3: a whole L exists (audit_solutions) for an N that a program may have used: N printed, less rows lost to lags, less
absorbed effects.
-#}
with

limits as (
    select * from {{ ref('audit_instrumented') }}
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
        '(' || cast(cast(n as integer) as string) || ', ' || cast(cast(l_least as integer) as string) || ')' as solution
    from solutions
),

solution_lists as (
    select
        table_code, model_code,
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

judged as (
    select
        limits.table_code, limits.model_code, limits.lm_printed, limits.f_printed, limits.n_obs,
        limits.n_obs - limits.q * limits.f_high * (limits.n_obs / limits.lm_low - 1) as l_low,
        limits.n_obs - limits.q * limits.f_low * (limits.n_obs / limits.lm_high - 1) as l_high,
        coalesce(solution_lists.listed, '-') as listed,
        case
            when limits.n_obs is null or limits.n_obs > 9999 then 'not decidable'
            when possible.n is not null then 'consistent'
            else 'inconsistent as printed'
        end as verdict
    from limits
    left join possible on limits.table_code = possible.table_code and limits.model_code = possible.model_code
    left join solution_lists
        on limits.table_code = solution_lists.table_code and limits.model_code = solution_lists.model_code
),

final as (
    select
        'A3' as rule, 'A3' as reason, table_code, model_code,
        n_obs as printed_low, n_obs as printed_high, l_low as implied_low, l_high as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({'lm': 'lm_printed', 'f': 'f_printed', 'solutions': 'listed'}) }} as arguments
    from judged
)

select * from final
