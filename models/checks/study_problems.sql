{#-
What to mend first: definitions before observations before values, because one wrong code makes many values missing; only
the first stage that has an error is reported. Every mart waits for this table to be without errors, so a faulty study
leaves the marts of the last good build.
-#}
with

all_problems as (
    select * from {{ ref('all_problems') }}
),

first_stage as (
    select min(stage) as stage from all_problems
    where severity = 'error'
),

final as (
    select
        all_problems.reason,
        all_problems.severity,
        all_problems.file,
        all_problems.row_key,
        all_problems.message,
        all_problems.message_zh
    from all_problems
    cross join first_stage
    where all_problems.stage <= coalesce(first_stage.stage, all_problems.stage)
)

select * from final
