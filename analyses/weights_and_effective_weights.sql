{#- What does the index rest on? TOPSIS squares the weights, so the effective weight says more than the weight. -#}
select
    weights.index_code,
    indicators.dimension_name_en,
    indicators.name_zh,
    indicators.name_en,
    weights.entropy,
    weights.weight,
    weights.effective_weight,
    sum(weights.effective_weight) over (
        partition by weights.index_code
        order by weights.effective_weight desc, weights.indicator_code
        rows between unbounded preceding and current row
    ) as cumulated_effective_weight
from {{ ref('indicator_weights') }} as weights
inner join {{ ref('indicators') }} as indicators
    on weights.index_code = indicators.index_code and weights.indicator_code = indicators.indicator_code
order by weights.index_code, weights.effective_weight desc, weights.indicator_code
