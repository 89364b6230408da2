{#- The long panel turned wide: one column per variable, index and sub-index of the study. -#}
with

named_values as (
    select
        panel_variables.entity_code,
        panel_variables.year,
        entities.name_zh,
        entities.name_en,
        entities.group_code,
        panel_variables.variable_code,
        panel_variables.value
    from {{ ref('panel_variables') }} as panel_variables
    inner join {{ ref('entities') }} as entities on panel_variables.entity_code = entities.entity_code
),

final as (
    select
        entity_code,
        year,
        name_zh,
        name_en,
        group_code,
        {{ one_column_per_variable(ref('variables')) }}
    from named_values
    group by entity_code, year, name_zh, name_en, group_code
)

select * from final
