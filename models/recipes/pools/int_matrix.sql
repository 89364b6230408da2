{#-
The indicators as a matrix with short keys: row_key numbers the index, year and entity, indicator_key the index and
indicator, entity_key the entity. Everything below joins by these numbers; names return at the end. An
index that is built in no other way (recipes: none) takes no part, unless the baseline itself is computed here. A value beyond
the goalposts of its indicator is held at them in held_value.
-#}
with

baseline as (
    select is_classical from {{ ref('stg_specs') }}
    where is_baseline
),

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
        indices.recipes = 'all' as has_recipes,
        indicator_values.year = indices.first_year as is_base_year,
        indicator_values.indicator_value,
        indicators.goalpost_low,
        indicators.goalpost_high,
        case
            when indicators.goalpost_low is not null and indicators.goalpost_high is not null
                then least(
                    greatest(indicator_values.indicator_value, indicators.goalpost_low), indicators.goalpost_high
                )
        end as held_value
    from {{ ref('int_normalized_values') }} as indicator_values
    inner join {{ ref('stg_indices') }} as indices on indicator_values.index_code = indices.index_code
    inner join {{ ref('stg_indicators') }} as indicators
        on indicator_values.indicator_key = indicators.indicator_key
    cross join baseline
    where indices.recipes = 'all' or not baseline.is_classical
)

select * from final
