{#-
Weights that the study gives (of experts, say), of the indicators that are kept and vary:
    w_j = v_j / sum_j v_j                                   v_j the weight of the indicator
    w_j = V_d / sum_d V_d * v_j / sum of v inside d         where the dimensions have weights V_d too
so a dimension keeps its weight whatever the weights inside it add up to, and whichever of its indicators is left out.
-#}
with

given as (
    select
        weight_columns.weight_key,
        weight_columns.weighting,
        weight_columns.column_key,
        weight_columns.index_code,
        weight_columns.pool_code,
        dimensions.dimension_code,
        dimensions.weight as dimension_weight,
        case when weight_columns.is_constant then 0 else indicators.weight end as inner_weight
    from {{ ref('int_weight_columns') }} as weight_columns
    inner join {{ ref('stg_indicators') }} as indicators
        on
            weight_columns.index_code = indicators.index_code
            and weight_columns.indicator_code = indicators.indicator_code
    inner join {{ ref('stg_dimensions') }} as dimensions
        on indicators.index_code = dimensions.index_code and indicators.dimension_code = dimensions.dimension_code
    where weight_columns.weighting = 'given'
),

inside as (
    select
        *,
        {{ share_of_sum(
            'inner_weight', ['weight_key', 'index_code', 'pool_code', 'dimension_code'], 'column_key'
        ) }} as share_inside
    from given
),

nested as (
    select
        *,
        case
            when dimension_weight is null then inner_weight
            else dimension_weight * coalesce(share_inside, 0)
        end as product
    from inside
),

final as (
    select
        weight_key,
        weighting,
        column_key,
        {{ share_of_sum('product', ['weight_key', 'index_code', 'pool_code'], 'column_key') }} as weight
    from nested
)

select * from final
