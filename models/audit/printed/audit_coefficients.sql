{{ config(materialized='ephemeral') }}
{#- Each printed coefficient beside its standard error, with the intervals of both. -#}
select
    table_code,
    model_code,
    equation,
    term,
    max(case when quantity = 'estimate' then printed end) as estimate_printed,
    max(case when quantity = 'estimate' then low end) as low,
    max(case when quantity = 'estimate' then high end) as high,
    max(case when quantity = 'std_error' then printed end) as se_printed,
    max(case when quantity = 'std_error' then low end) as se_low,
    max(case when quantity = 'std_error' then high end) as se_high
from {{ ref('audit_cells') }}
where term is not null and model_code is not null
group by table_code, model_code, equation, term
