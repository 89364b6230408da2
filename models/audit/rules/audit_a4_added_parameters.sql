{{ config(materialized='ephemeral') }}
{#- A4: two columns share N, and L differs by the controls added. -#}
with

lists as (
    select
        table_code, model_a, model_b, max(n) as n_most, min(n) as n_least,
        {{ joined_text(
            "'N = ' || cast(cast(n as integer) as string) || ', L = ' || cast(cast(l_a as integer) as string) || ' -> '"
            ~ " || cast(cast(l_b as integer) as string)", '; ', 'n desc'
        ) }} as listed
    from {{ ref('audit_joint_solutions') }}
    group by table_code, model_a, model_b
),

judged as (
    select
        pairs.*, lists.n_least, lists.n_most,
        coalesce(lists.listed, '-') as listed,
        case
            when lists.listed is not null then 'consistent'
            when pairs.is_complete then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from {{ ref('audit_instrumented_pairs') }} as pairs
    left join lists
        on
            pairs.table_code = lists.table_code and pairs.model_a = lists.model_a and pairs.model_b = lists.model_b
),

final as (
    select
        'A4' as rule, 'A4' as reason, table_code, model_a || ' -> ' || model_b as model_code,
        added as printed_low, added as printed_high, n_least as implied_low, n_most as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({'solutions': 'listed'}) }} as arguments
    from judged
)

select * from final
