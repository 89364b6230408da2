{#-
The baseline's values as they are scored, with their weights: y, the rescaled and shifted z, and how far z lies below the best and
above the worst value that its ideal point takes. span is how much of y one unit of z is.
-#}
-- depends_on: {{ ref('problems_in_specs') }}
with

final as (
    select
        pool_columns.index_code,
        pool_columns.indicator_key,
        pool_columns.indicator_code,
        pool_values.row_key,
        scored.aggregation,
        scored.range_high - scored.range_low as span,
        {{ rescaled('pool_values.normalized_value', 'scored') }} as scored_value,
        case scored.ideal when 'pooled' then pool_values.below_best else pool_values.below_best_of_year end
            as below_best,
        case scored.ideal when 'pooled' then pool_values.above_worst else pool_values.above_worst_of_year end
            as above_worst,
        scored.weight
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_scored_sets') }} as scored on specs.spec_key = scored.spec_key
    inner join {{ ref('int_pool_columns') }} as pool_columns on scored.column_key = pool_columns.column_key
    inner join {{ ref('int_pool_values') }} as pool_values on scored.column_key = pool_values.column_key
    where specs.is_baseline and scored.dimension_code is null
)

select * from final
