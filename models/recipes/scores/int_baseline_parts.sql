{#-
What each indicator adds to a score of a baseline that is another recipe than the classical one, and what it would add at the midpoint,
where every z lies half way between its worst and its best value:
    topsis      squared distances      b_ij = (w_j below_ij)^2,   a_ij = (w_j above_ij)^2,   at the midpoint (w_j (below + above) / 2)^2
    topsis_w_once                      the same with w_j in place of w_j^2
    linear      the score itself       w_j y_ij
    geometric   its logarithm          w_j ln y_ij
and the weighted shortfall w_j (best_j - y_ij), which holds the score back.
-#}
with

cells as (
    select
        baseline_values.*,
        weight * case aggregation when 'topsis_w_once' then 1 else weight end as factor,
        aggregation in ('topsis', 'topsis_w_once') as has_distances,
        (below_best + above_worst) / 2 as half,
        scored_value - span * (above_worst - below_best) / 2 as middle_value
    from {{ ref('int_baseline_values') }} as baseline_values
),

parts as (
    select
        row_key,
        index_code,
        indicator_code,
        aggregation,
        weight,
        weight * span * below_best as weighted_shortfall,
        case when has_distances then factor * below_best * below_best end as ideal_part,
        case when has_distances then factor * above_worst * above_worst end as anti_ideal_part,
        case when has_distances then factor * half * half end as middle_part,
        case aggregation
            when 'linear' then weight * scored_value
            when 'geometric' then weight * ln(nullif(greatest(scored_value, 0), 0))
        end as value_part,
        case aggregation
            when 'linear' then weight * middle_value
            when 'geometric' then weight * ln(nullif(greatest(middle_value, 0), 0))
        end as middle_value_part
    from cells
),

sums as (
    select
        row_key,
        {{ exact_sum('ideal_part') }} as ideal,
        {{ exact_sum('anti_ideal_part') }} as anti_ideal,
        {{ exact_sum('middle_part') }} as middle,
        {{ exact_sum('middle_value_part') }} as middle_value
    from parts
    group by row_key
),

final as (
    select
        parts.index_code,
        indicators.dimension_code,
        parts.indicator_code,
        matrix_rows.entity_code,
        matrix_rows.year,
        parts.aggregation,
        parts.weight,
        parts.weighted_shortfall,
        parts.ideal_part,
        parts.anti_ideal_part,
        parts.middle_part,
        parts.value_part,
        parts.middle_value_part,
        sums.ideal,
        sums.anti_ideal,
        sums.middle,
        scores.score,
        case parts.aggregation
            when 'linear' then sums.middle_value
            when 'geometric' then exp(sums.middle_value)
            else cast(0.5 as double)
        end as middle_score
    from parts
    inner join sums on parts.row_key = sums.row_key
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on parts.row_key = matrix_rows.row_key
    inner join {{ ref('int_baseline_scores') }} as scores
        on
            matrix_rows.index_code = scores.index_code
            and matrix_rows.entity_code = scores.entity_code
            and matrix_rows.year = scores.year
    inner join {{ ref('stg_indicators') }} as indicators
        on parts.index_code = indicators.index_code and parts.indicator_code = indicators.indicator_code
)

select * from final
