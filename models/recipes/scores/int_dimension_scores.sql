{#-
The sub-index of every dimension in every valid recipe: the equations of the composite over the indicators of one dimension.
    topsis      closeness of the distances within the dimension; a factor common to all weights does not change it
    linear      sum_j w_j (z_j + shift) / sum_j w_j
    geometric   exp(sum_j w_j ln(z_j + shift) / sum_j w_j)
-#}
with

cells as (
    select
        specs.spec_key,
        specs.aggregation,
        indicators.index_code,
        indicators.dimension_code,
        pool_values.row_key,
        weights.weight,
        pool_values.normalized_value + specs.shift as shifted_value,
        case specs.aggregation when 'topsis' then weights.weight else 1 end as weight_again,
        case specs.ideal when 'pooled' then pool_values.below_best else pool_values.below_best_of_year end
            as below_best,
        case specs.ideal when 'pooled' then pool_values.above_worst else pool_values.above_worst_of_year end
            as above_worst
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_weights') }} as weights on specs.weight_key = weights.weight_key
    inner join {{ ref('int_pool_columns') }} as pool_columns on weights.column_key = pool_columns.column_key
    inner join {{ ref('stg_indicators') }} as indicators
        on
            pool_columns.index_code = indicators.index_code
            and pool_columns.indicator_code = indicators.indicator_code
    inner join {{ ref('int_pool_values') }} as pool_values on weights.column_key = pool_values.column_key
    where specs.is_valid
),

parts as (
    select
        spec_key,
        aggregation,
        index_code,
        dimension_code,
        row_key,
        sqrt({{ exact_sum('weight * below_best * weight_again * below_best') }}) as to_ideal,
        sqrt({{ exact_sum('weight * above_worst * weight_again * above_worst') }}) as to_anti_ideal,
        nullif({{ exact_sum('weight') }}, 0) as whole_weight,
        {{ exact_sum('weight * shifted_value') }} as weighted_sum,
        {{ exact_sum(
            "case aggregation when 'geometric' then weight * ln(nullif(greatest(shifted_value, 0), 0)) end"
        ) }} as weighted_logs
    from cells
    group by spec_key, aggregation, index_code, dimension_code, row_key
),

final as (
    select
        spec_key,
        row_key,
        index_code,
        dimension_code,
        case aggregation
            when 'linear' then weighted_sum / whole_weight
            when 'geometric' then exp(weighted_logs / whole_weight)
            else {{ closeness('to_anti_ideal', 'to_ideal') }}
        end as score
    from parts
)

select * from final
