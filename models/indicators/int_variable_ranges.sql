{{ config(materialized='table') }}
{#- Smallest and largest value of each variable and how many there are, from one scan. -#}
with

final as (
    select
        variable_code,
        min(variable_value) as minimum,
        max(variable_value) as maximum,
        cast(count(variable_value) as bigint) as entity_years,
        max(cast(is_derived as integer)) = 1 as uses_derived,
        cast(sum(cast(is_imputed as integer)) as bigint) as imputed_values
    from {{ ref('int_variable_values') }}
    group by variable_code
)

select * from final
