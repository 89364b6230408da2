{# The wide panel has exactly the columns that `variables` names, besides its own six. #}
{%- set panel = ref('regression_panel') %}
with

expected as (
    select column_name from {{ ref('variables') }}
),

found as (
    {% for column in adapter.get_columns_in_relation(panel) %}
        select '{{ column.name }}' as column_name
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

found_variables as (
    select column_name from found
    where column_name not in ('entity_code', 'year', 'name_zh', 'name_en', 'group_code', 'is_imputed')
)

select coalesce(expected.column_name, found_variables.column_name) as column_name
from expected
full outer join found_variables on expected.column_name = found_variables.column_name
where expected.column_name is null or found_variables.column_name is null
