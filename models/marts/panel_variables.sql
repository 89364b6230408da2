with

final as (
    select
        entity_code,
        year,
        variable_code,
        variable_value as value,
        is_derived,
        is_imputed
    from {{ ref('int_variable_values') }}
    where variable_value is not null
    union all
    select
        entity_code,
        year,
        index_code as variable_code,
        score as value,
        true as is_derived,
        is_imputed
    from {{ ref('index_scores') }}
    where score is not null
)

select * from final
