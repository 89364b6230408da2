{%- set least = parameter('least_agreement', -1, 1, whole=false) %}
{#-
The grade that an indicator has: the one that the study gives it, and D where a measure that is nearer to the definition ranks
the entities otherwise (rank correlation below the parameter least_agreement). An indicator that is measured as defined (A)
is no proxy and keeps its grade.
-#}
with

worst as (
    select
        index_code,
        indicator_code,
        min(rank_correlation) as rank_correlation
    from {{ ref('int_agreements') }}
    where is_better
    group by index_code, indicator_code
),

final as (
    select
        indicators.index_code,
        indicators.indicator_code,
        indicators.closeness as declared_closeness,
        case
            when indicators.closeness != 'A' and worst.rank_correlation < {{ least }} then 'D'
            else indicators.closeness
        end as closeness,
        worst.rank_correlation
    from {{ ref('stg_indicators') }} as indicators
    left join worst
        on indicators.index_code = worst.index_code and indicators.indicator_code = worst.indicator_code
)

select * from final
