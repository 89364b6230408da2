{#-
Everything that is wrong with the study, in the order in which to mend it: definitions before observations before
values, because one wrong code makes many values missing; only the first stage that has an error is reported.
Every mart waits for this table to be without errors, so a faulty study leaves the marts of the last good build.
-#}
with

found as (
    select 1 as stage, 'error' as severity, file, row_key, problem from {{ ref('problems_in_keys') }}
    union all
    select 1 as stage, 'error' as severity, file, row_key, problem from {{ ref('problems_in_references') }}
    union all
    select 1 as stage, 'error' as severity, file, row_key, problem from {{ ref('problems_in_words') }}
    union all
    select 1 as stage, 'error' as severity, file, row_key, problem from {{ ref('problems_in_names') }}
    union all
    select 2 as stage, 'error' as severity, 'raw_observations' as file, row_key, problem
    from {{ ref('problems_in_observations') }}
    union all
    select 3 as stage, 'error' as severity, file, row_key, problem from {{ ref('problems_in_derived_series') }}
    union all
    select 4 as stage, severity, file, row_key, problem from {{ ref('problems_in_values') }}
),

first_stage as (
    select min(stage) as stage from found
    where severity = 'error'
),

final as (
    select
        found.severity,
        {{ name_of_file('found.file') }} as file,
        found.row_key,
        {{ name_of_file('found.file') }} || ': ' || found.row_key || ': ' || found.problem as message
    from found
    cross join first_stage
    where found.stage <= coalesce(first_stage.stage, found.stage)
)

select * from final
