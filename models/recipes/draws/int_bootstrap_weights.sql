{#-
Entropy weights of a draw, from the rows of its entities, each as often as it was drawn (copies c_i, n = sum c_i):
    z_ij = (x_ij - worst_j) / (best_j - worst_j),   S_j = sum_i c_i z_ij
    d_j = 1 - (ln S_j - sum_i c_i z_ij ln z_ij / S_j) / ln n,   w_j = d_j / sum_j d_j
An indicator that is constant in a draw is left out of it.
-#}
with

normalized as (
    select
        bounds.draw,
        bounds.indicator_key,
        samples.copies,
        {{ min_max('matrix.indicator_value', 'bounds.worst', 'bounds.best', "'positive'") }} as normalized_value
    from {{ ref('int_bootstrap_samples') }} as samples
    inner join {{ ref('int_matrix') }} as matrix on samples.entity_key = matrix.entity_key
    inner join {{ ref('int_bootstrap_bounds') }} as bounds
        on samples.draw = bounds.draw and matrix.indicator_key = bounds.indicator_key
),

sums as (
    select
        draw,
        indicator_key,
        cast(sum(copies) as double) as entity_years,
        {{ exact_sum('copies * normalized_value') }} as total,
        {{ exact_sum('copies * ' ~ entropy_term('normalized_value')) }} as total_log
    from normalized
    group by draw, indicator_key
),

divergences as (
    select
        bounds.*,
        1 - {{ entropy('sums.total', 'sums.total_log', 'sums.entity_years') }} as divergence
    from sums
    inner join {{ ref('int_bootstrap_bounds') }} as bounds
        on sums.draw = bounds.draw and sums.indicator_key = bounds.indicator_key
),

final as (
    select
        draw,
        indicator_key,
        worst,
        best,
        {{ share_of_sum('divergence', ['draw', 'index_code'], 'indicator_key') }} as weight
    from divergences
)

select * from final
