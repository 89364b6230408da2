{{ config(materialized='ephemeral') }}
{#-
A6: L counts the effects that the table claims (entities nested in clusters may be left out, years may not).
-#}
with

limits as (
    select * from {{ ref('audit_instrumented') }}
),

solutions as (
    select * from {{ ref('audit_solutions') }}
),

joint_solutions as (
    select * from {{ ref('audit_joint_solutions') }}
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

needs as (
    select
        limits.*, counted.most,
        limits.q + limits.slopes - 1 + case when limits.has_year_effects then limits.n_years else 0 end as least_needed,
        limits.q + limits.slopes + limits.effect_parameters as all_needed
    from limits
    left join counted on limits.table_code = counted.table_code and limits.model_code = counted.model_code
    where limits.has_entity_effects or limits.has_year_effects
),

judged as (
    select
        *,
        case
            when most is null or effect_parameters is null then 'not decidable'
            when most >= all_needed then 'consistent'
            when has_year_effects and n_years is not null and is_complete and most < least_needed
                then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from needs
),

final as (
    select
        'A6' as rule, 'A6' as reason, table_code, model_code,
        most as printed_low, most as printed_high, least_needed as implied_low, all_needed as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({'effects': 'effects'}) }} as arguments
    from judged
)

select * from final
