{#-
Entropy weights (Shannon). With p_ij = z_ij / S_j, S_j = sum_i z_ij, L_j = sum_i z_ij ln z_ij, 0 ln 0 = 0:
    entropy     e_j = -(1 / ln n) sum_i p_ij ln p_ij = (ln S_j - L_j / S_j) / ln n,   n = entity-years
    divergence  d_j = 1 - e_j
    weight      w_j = d_j / sum_j d_j
    effective weight  w_j^2 / sum_j w_j^2: the distances of TOPSIS carry squared weights
A constant indicator has e = 1, d = 0, w = 0 and is flagged. Under a frozen ruler e and w are the stored ones.
-#}
with

entropies as (
    select
        bounds.indicator_key,
        bounds.index_code,
        bounds.dimension_code,
        bounds.indicator_code,
        case
            when sums.total > 0 and sums.entity_years > 1
                then {{ entropy('sums.total', 'sums.total_log', 'sums.entity_years') }}
            else cast(1 as double)
        end as entropy
    from {{ by_row_or_cell(ref('int_entropy_sums_by_row'), ref('int_entropy_sums_by_cell')) }} as sums
    inner join {{ ref('int_indicator_bounds') }} as bounds on sums.indicator_key = bounds.indicator_key
),

weights as (
    select
        entropies.indicator_key,
        entropies.index_code,
        entropies.dimension_code,
        entropies.indicator_code,
        coalesce(ruler.entropy, entropies.entropy) as entropy,
        1 - coalesce(ruler.entropy, entropies.entropy) as divergence,
        coalesce(
            ruler.weight,
            {{ share_of_sum('(1 - entropies.entropy)', ['entropies.index_code'], 'entropies.indicator_code') }}
        ) as weight
    from entropies
    left join {{ ref('int_ruler') }} as ruler
        on entropies.index_code = ruler.index_code and entropies.indicator_code = ruler.indicator_code
),

final as (
    select
        weights.*,
        {{ share_of_sum('weight * weight', ['index_code'], 'indicator_code') }} as effective_weight
    from weights
)

select * from final
