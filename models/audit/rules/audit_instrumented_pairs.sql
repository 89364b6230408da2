{{ config(materialized='ephemeral') }}
{#- Two instrumented columns of one table on the same N, b with more controls: one row per a and its nearest b. -#}
with

limits as (
    select * from {{ ref('audit_instrumented') }}
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

final as (
    select table_code, model_a, model_b, added, is_complete
    from pairs
    where nearness = 1
)

select * from final
