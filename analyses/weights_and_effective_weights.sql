{#-
What does the index rest on? TOPSIS squares the weights, so the effective weight says more than the weight; a baseline that
does not square them has none. A year that is weighed by itself is a pool of its own.
-#}
select
    weights.index_code,
    weights.pool,
    indicators.dimension_name_en,
    indicators.name_zh,
    indicators.name_en,
    weights.entropy,
    weights.weight,
    weights.effective_weight,
    sum(coalesce(weights.effective_weight, weights.weight)) over (
        partition by weights.index_code, weights.pool
        order by coalesce(weights.effective_weight, weights.weight) desc, weights.indicator_code
        rows between unbounded preceding and current row
    ) as cumulated_weight
from {{ ref('indicator_weights') }} as weights
inner join {{ ref('indicators') }} as indicators
    on weights.index_code = indicators.index_code and weights.indicator_code = indicators.indicator_code
order by
    weights.index_code,
    weights.pool,
    coalesce(weights.effective_weight, weights.weight) desc,
    weights.indicator_code
