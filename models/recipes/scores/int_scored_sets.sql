{#-
The columns that are scored together: all that a recipe weighs, and those of each dimension, which give its sub-index.
Within a dimension weights add up to 1, in every year where each year has weights of its own: w_j / sum_j w_j. TOPSIS keeps them as they are, since a common factor does not change
it, and one below 0 would turn best and worst round.
-#}
with

scored as (
    select
        scored.*,
        pool_columns.pool_code,
        indicators.index_code,
        indicators.dimension_code
    from {{ ref('int_scored_columns') }} as scored
    inner join {{ ref('int_pool_columns') }} as pool_columns on scored.column_key = pool_columns.column_key
    inner join {{ ref('stg_indicators') }} as indicators
        on
            pool_columns.index_code = indicators.index_code
            and pool_columns.indicator_code = indicators.indicator_code
),

dimensions as (
    select
        spec_key,
        pool_code,
        index_code,
        dimension_code,
        nullif({{ exact_sum('weight') }}, 0) as weight
    from scored
    group by spec_key, pool_code, index_code, dimension_code
),

final as (
    select
        spec_key,
        cast(null as string) as dimension_code,
        aggregation,
        ideal,
        range_low,
        range_high,
        shift,
        weight,
        column_key
    from {{ ref('int_scored_columns') }}
    union all
    select
        scored.spec_key,
        scored.dimension_code,
        scored.aggregation,
        scored.ideal,
        scored.range_low,
        scored.range_high,
        scored.shift,
        case
            when scored.aggregation in ('topsis', 'topsis_w_once') then scored.weight
            else scored.weight / dimensions.weight
        end as weight,
        scored.column_key
    from scored
    inner join dimensions
        on
            scored.spec_key = dimensions.spec_key
            and scored.pool_code = dimensions.pool_code
            and scored.index_code = dimensions.index_code
            and scored.dimension_code = dimensions.dimension_code
)

select * from final
