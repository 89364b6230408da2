{{ config(materialized='table') }}
{#-
Whole solutions (N, L) that two columns share: one N, and L differs by the controls added. One row per pair and N.
-#}
select
    pairs.table_code, pairs.model_a, pairs.model_b, a.n,
    greatest(a.l_least, b.l_least - pairs.added) as l_a,
    greatest(a.l_least, b.l_least - pairs.added) + pairs.added as l_b
from {{ ref('audit_instrumented_pairs') }} as pairs
inner join {{ ref('audit_solutions') }} as a on pairs.table_code = a.table_code and pairs.model_a = a.model_code
inner join {{ ref('audit_solutions') }} as b
    on pairs.table_code = b.table_code and pairs.model_b = b.model_code and a.n = b.n
where greatest(a.l_least, b.l_least - pairs.added) <= least(a.l_most, b.l_most - pairs.added)
