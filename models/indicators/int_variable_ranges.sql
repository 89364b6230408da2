{{ config(materialized='table') }}
{#- Smallest and largest value of each variable and how many there are, from one scan. -#}
with

final as (
    select
        variable_code,
        cast(count(*) as bigint) as rows_found,
        {{ range_of('variable_value') }}
    from {{ ref('int_variable_values') }}
    group by variable_code
)

select * from final
