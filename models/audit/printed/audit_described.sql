{{ config(materialized='ephemeral') }}
{#- The rows of the printed descriptive statistics with the intervals of their figures: one row per variable. -#}
select
    term as variable_code,
    max(case when quantity = 'obs' then printed_value end) as n_obs,
    max(case when quantity = 'mean' then printed end) as mean_printed,
    max(case when quantity = 'mean' then low end) as mean_low,
    max(case when quantity = 'mean' then high end) as mean_high,
    max(case when quantity = 'std_dev' then printed end) as sd_printed,
    max(case when quantity = 'std_dev' then low end) as sd_low,
    max(case when quantity = 'std_dev' then high end) as sd_high,
    max(case when quantity = 'min' then printed end) as min_printed,
    max(case when quantity = 'min' then low end) as min_low,
    max(case when quantity = 'min' then high end) as min_high,
    max(case when quantity = 'max' then printed end) as max_printed,
    max(case when quantity = 'max' then low end) as max_low,
    max(case when quantity = 'max' then high end) as max_high
from {{ ref('audit_cells') }}
where table_code = 'descriptives'
group by term
