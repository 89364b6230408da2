{#- The words of the column transform in def_variables.csv. -#}
with

final as (
    select
        transform,
        cast(step as integer) as step,
        arguments,
        name_zh,
        name_en,
        formula
    from {{ ref('transforms') }}
)

select * from final
