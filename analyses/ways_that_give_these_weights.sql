{#-
Which ways of building the index give these printed weights, and to how many digits?  Put your own list in place of the
first CTE (here: the baseline's, rounded); python/diagnose.py does the same for scores and for a bare matrix.
-#}
with

printed as (
    select
        index_code,
        indicator_code,
        round(weight, 4) as printed_weight,
        0.00005 as half_unit
    from {{ ref('indicator_weights') }}
    where index_code not like '%.%'
),

compared as (
    select
        weights.spec_code,
        weights.index_code,
        weights.pool_code,
        count(*) as indicators,
        sum(case when abs(weights.weight - printed.printed_weight) <= printed.half_unit then 1 else 0 end) as agreeing,
        max(abs(weights.weight - printed.printed_weight)) as largest_difference
    from printed
    inner join {{ ref('spec_weights') }} as weights
        on printed.index_code = weights.index_code and printed.indicator_code = weights.indicator_code
    group by weights.spec_code, weights.index_code, weights.pool_code
)

select
    compared.agreeing,
    compared.indicators,
    case
        when compared.largest_difference > 0 then floor(-log10(2 * compared.largest_difference))
    end as digits_in_common,
    specs.name_zh,
    specs.name_en,
    specs.is_wrong,
    compared.pool_code,
    compared.index_code,
    compared.spec_code
from compared
inner join {{ ref('specs') }} as specs on compared.spec_code = specs.spec_code
order by compared.agreeing desc, compared.largest_difference, compared.spec_code
