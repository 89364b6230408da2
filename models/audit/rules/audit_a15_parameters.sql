{{ config(materialized='ephemeral') }}
{#-
A15: K = n - (n - 1)(1 - R2) / (1 - adjusted R2), from 1 - adjusted R2 = (1 - R2)(n - 1) / (n - K).
K counts the constant; whether absorbed effects are in it differs between programs, so every count that is in use is
allowed: slopes, slopes + 1, plus years, plus entities, plus both.
-#}
with

intervals as (
    select
        *,
        n_obs - (n_obs - 1) * (1 - r2_low) / nullif(1 - adj_r2_high, 0) as k_low,
        n_obs - (n_obs - 1) * (1 - r2_high) / nullif(1 - adj_r2_low, 0) as k_high
    from {{ ref('audit_columns') }}
    where r2_low is not null and adj_r2_low is not null and n_obs is not null
),

ways_of_counting as (
    select table_code, model_code, k_low, k_high, 'slopes + 1' as way, slopes + 1 as k from intervals
    union all
    select table_code, model_code, k_low, k_high, 'slopes' as way, slopes as k from intervals
    union all
    select table_code, model_code, k_low, k_high, 'slopes + years' as way, slopes + n_years as k from intervals
    union all
    select table_code, model_code, k_low, k_high, 'slopes + entities' as way, slopes + n_entities as k from intervals
    union all
    select
        table_code, model_code, k_low, k_high, 'slopes + entities + years - 1' as way,
        slopes + n_entities + n_years - 1 as k
    from intervals
),

fitting as (
    select
        table_code, model_code,
        {{ joined_text("way || ' = ' || cast(cast(k as integer) as string)", ', ', 'k') }} as ways
    from ways_of_counting
    where k between k_low and k_high
    group by table_code, model_code
),

judged as (
    select
        intervals.*, fitting.ways,
        case
            when fitting.ways is not null then 'consistent'
            when intervals.k_low is null or intervals.k_high is null then 'not decidable'
            -- More parameters than slopes and constant can be effects or dummies that the table does not state.
            when intervals.k_low > intervals.slopes + 1 and intervals.n_entities + intervals.n_years is null
                then 'not decidable'
            else 'inconsistent as printed'
        end as verdict
    from intervals
    left join fitting on intervals.table_code = fitting.table_code and intervals.model_code = fitting.model_code
),

final as (
    select
        'A15' as rule, 'A15' as reason, table_code, model_code,
        slopes + 1.0 as printed_low, slopes + 1.0 + effect_parameters as printed_high,
        k_low as implied_low, k_high as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({
            'r2_low': 'r2_low', 'r2_high': 'r2_high', 'adj_r2': 'adj_r2_printed', 'n_obs': 'n_obs', 'counted': 'ways',
        }) }} as arguments
    from judged
)

select * from final
