{#-
Which choice in building the index moves the ranks most? Exact shares of variance in every full design.
dbt show --select which_choice_matters --limit 50
-#}
select
    index_code,
    design_code,
    choice,
    first_order,
    total
from {{ ref('variance_shares') }}
where quantity = 'rank'
order by index_code, design_code, total desc
