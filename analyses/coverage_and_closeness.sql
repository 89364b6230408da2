{#-
How close is the index to its definition: share of weight measured as defined (A), closely (B), distantly (C). A year that
is weighed by itself is a pool of its own.
-#}
select
    weights.index_code,
    weights.pool,
    coalesce(indicators.closeness, 'not graded') as closeness,
    count(*) as indicators,
    sum(weights.weight) as weight,
    sum(weights.effective_weight) as effective_weight,
    sum(cast(indicators.uses_derived as integer)) as indicators_with_derived_input,
    sum(indicators.imputed_values) as imputed_values
from {{ ref('indicator_weights') }} as weights
inner join {{ ref('indicators') }} as indicators
    on weights.index_code = indicators.index_code and weights.indicator_code = indicators.indicator_code
group by weights.index_code, weights.pool, coalesce(indicators.closeness, 'not graded')
order by weights.index_code, weights.pool, closeness
