{# The wide panel has exactly the columns that `variables` names, each with the values of the long panel. #}
with

expected as (
    select column_name from {{ ref('variables') }}
),

found as (
    select column_name
    from (describe as {{ ref('regression_panel') }})
    where column_name not in ('entity_code', 'year', 'name_zh', 'name_en', 'group_code')
)

select coalesce(expected.column_name, found.column_name) as column_name
from expected
full outer join found on expected.column_name = found.column_name
where expected.column_name is null or found.column_name is null
