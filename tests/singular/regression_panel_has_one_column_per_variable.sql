{# The wide panel has exactly the columns that `variables` names, besides its own five. #}
{%- set panel = ref('regression_panel') %}
with

expected as (
    select column_name from {{ ref('variables') }}
),

found as (
    select column_name
    from information_schema.columns
    where
        table_schema = '{{ panel.schema }}'
        and table_name = '{{ panel.identifier }}'
        and column_name not in ('entity_code', 'year', 'name_zh', 'name_en', 'group_code')
)

select coalesce(expected.column_name, found.column_name) as column_name
from expected
full outer join found on expected.column_name = found.column_name
where expected.column_name is null or found.column_name is null
