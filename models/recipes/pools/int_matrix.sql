{#-
The indicators as a matrix with short keys: row_key numbers the index, year and entity, indicator_key the index and
indicator, entity_key the entity. Everything below joins by these numbers; names return at the end. An
index that is built in no other way (recipes: none) takes no part.
-#}
with

final as (
    select
        cast(
            dense_rank() over (
                order by indicator_values.index_code, indicator_values.year, indicator_values.entity_code
            ) as integer
        ) as row_key,
        cast(
            dense_rank() over (order by indicator_values.index_code, indicator_values.indicator_code) as integer
        ) as indicator_key,
        cast(dense_rank() over (order by indicator_values.entity_code) as integer) as entity_key,
        indicator_values.index_code,
        indicator_values.entity_code,
        indicator_values.year,
        indicator_values.indicator_code,
        indicator_values.direction,
        indicator_values.year = indices.first_year as is_base_year,
        indicator_values.indicator_value
    from {{ ref('int_normalized_values') }} as indicator_values
    inner join {{ ref('stg_indices') }} as indices on indicator_values.index_code = indices.index_code
    where indices.recipes = 'all'
)

select * from final
