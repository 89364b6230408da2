{{ config(materialized='ephemeral') }}
{#-
A10: the N of the columns that are the parts of one column (part_of) add up to its N.
-#}
with

part_sums as (
    select
        table_code,
        part_of,
        sum(n_obs) as parts_sum,
        count(n_obs) as parts_printed,
        count(*) as parts
    from {{ ref('audit_columns') }}
    where part_of is not null
    group by table_code, part_of
),

judged as (
    select
        part_sums.*, wholes.n_obs,
        case
            when part_sums.parts_printed < part_sums.parts or wholes.n_obs is null then 'not decidable'
            when part_sums.parts_sum = wholes.n_obs then 'consistent'
            else 'inconsistent as printed'
        end as verdict
    from part_sums
    left join {{ ref('audit_columns') }} as wholes
        on part_sums.part_of = wholes.table_code || '.' || wholes.model_code
),

final as (
    select
        'A10' as rule, 'A10' as reason, table_code, cast(null as string) as model_code,
        parts_sum as printed_low, parts_sum as printed_high, n_obs as implied_low, n_obs as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({'parts_printed': 'parts_printed', 'parts': 'parts', 'whole': 'part_of'}) }} as arguments
    from judged
)

select * from final
