{#- The long panel turned wide: one column per variable, index and sub-index of the study. -#}
with

wide_values as (
    select
        entity_code,
        year,
        {{ one_column_per_variable(ref('variables')) }},
        max(case when is_imputed then 1 else 0 end) = 1 as is_imputed
    from {{ ref('panel_variables') }}
    group by entity_code, year
),

final as (
    select
        wide_values.*,
        entities.name_zh,
        entities.name_en,
        entities.group_code
    from wide_values
    inner join {{ ref('entities') }} as entities on wide_values.entity_code = entities.entity_code
)

select * from final
