{{ config(materialized='ephemeral') }}
{#- Each printed coefficient beside its standard error and its t, with the intervals of all. -#}
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
    max(case when quantity = 'std_error' then high end) as se_high,
    max(case when quantity = 't_value' then printed end) as t_printed,
    max(case when quantity = 't_value' then low end) as t_low,
    max(case when quantity = 't_value' then high end) as t_high
from {{ ref('audit_cells') }}
where term is not null and model_code is not null
group by table_code, model_code, equation, term
