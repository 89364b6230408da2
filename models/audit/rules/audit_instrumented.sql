{{ config(materialized='ephemeral') }}
{#-
The instrumented columns whose LM and F are printed, with the number q of excluded instruments. The search of audit_solutions
is complete where it ends by itself or goes to twice the printed N.
-#}
select
    *,
    n_instruments as q,
    n_instruments * f_low > lm_high or 2 * n_obs <= 9999 as is_complete
from {{ ref('audit_columns') }}
where is_iv and lm_low > 0 and f_low > 0 and n_instruments is not null
