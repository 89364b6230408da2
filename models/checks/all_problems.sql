{#-
Everything that is wrong with the study, in words. The checks find reasons; the sentence, the stage and the severity of each
stand in seeds/words/refusals.csv.
-#}
with

definition_faults as (
    select reason, file, row_key, cast(null as string) as column_name, value, cast(null as string) as allowed
    from {{ ref('problems_in_keys') }}
    union all
    select reason, file, row_key, column_name, value, cast(null as string) as allowed
    from {{ ref('problems_in_references') }}
    union all
    select reason, file, row_key, column_name, value, allowed from {{ ref('problems_in_words') }}
    union all
    select reason, file, row_key, column_name, value, allowed from {{ ref('problems_in_cells') }}
    union all
    select reason, file, row_key, column_name, value, allowed from {{ ref('problems_in_transforms') }}
    union all
    select reason, file, row_key, cast(null as string) as column_name, value, cast(null as string) as allowed
    from {{ ref('problems_in_weights') }}
    union all
    select reason, file, row_key, cast(null as string) as column_name, value, cast(null as string) as allowed
    from {{ ref('problems_in_names') }}
    union all
    select
        reason, 'ruler' as file, row_key, cast(null as string) as column_name, value, cast(null as string) as allowed
    from {{ ref('problems_in_ruler') }}
),

value_faults as (
    select reason, file, row_key, value, entity_code, more, first_year, last_year
    from {{ ref('problems_in_derived_series') }}
    union all
    select reason, file, row_key, value, entity_code, more, first_year, last_year from {{ ref('problems_in_values') }}
),

found as (
    select
        reason, file, row_key, column_name, value, allowed,
        0 as more, cast(null as string) as entity_code,
        cast(null as integer) as first_year, cast(null as integer) as last_year
    from definition_faults
    union all
    select
        reason, 'raw_observations' as file, row_key, cast(null as string) as column_name, value,
        cast(null as string) as allowed, more, cast(null as string) as entity_code,
        cast(null as integer) as first_year, cast(null as integer) as last_year
    from {{ ref('problems_in_observations') }}
    union all
    select
        reason, file, row_key, cast(null as string) as column_name, value, cast(null as string) as allowed,
        more, entity_code, first_year, last_year
    from value_faults
),

-- A reason without a sentence still stops the build, under its code.
explained as (
    select
        found.*,
        coalesce(refusals.severity, 'error') as severity,
        coalesce(cast(refusals.stage as integer), 1) as stage,
        coalesce(refusals.message_en, '{row}: ' || found.reason) as template_en,
        coalesce(refusals.message_zh, '{row}: ' || found.reason) as template_zh,
        case when found.more > 0 then refusals.more_en end as more_en,
        case when found.more > 0 then refusals.more_zh end as more_zh,
        case
            when found.file = 'ruler' then {{ quoted_text(var("ruler")) }}
            else {{ name_of_file('found.file') }}
        end as path
    from found
    left join {{ ref('refusals') }} as refusals on found.reason = refusals.code
),

final as (
    select
        reason,
        stage,
        severity,
        path as file,
        row_key,
        path || ': ' || {{ refusal_sentence('en') }} as message,
        path || '：' || {{ refusal_sentence('zh') }} as message_zh
    from explained
)

select * from final
