{#-
What is wrong with the frozen ruler, one row per finding: an indicator that it lacks, does not know or holds twice, bounds
and weights that are not numbers. A ruler holds what the classical baseline needs, so another baseline takes none.
-#}
with

counted as (
    select
        index_code,
        indicator_code,
        count(*) as times,
        min(minimum) <= max(maximum)
        and min(entropy) between 0 and 1
        and min(weight) between 0 and 1
        and count(minimum) = count(*) as is_valid
    from {{ ref('int_ruler') }}
    group by index_code, indicator_code
),

weight_sums as (
    select
        index_code,
        sum(weight) as total
    from {{ ref('int_ruler') }}
    group by index_code
),

final as (
    select
        case
            when indicators.indicator_code is null then 'ruler_indicator_unknown'
            when counted.times > 1 then 'ruler_indicator_repeated'
            else 'ruler_numbers_not_allowed'
        end as reason,
        'index_code=' || coalesce(counted.index_code, '(blank)')
        || ', indicator_code=' || coalesce(counted.indicator_code, '(blank)') as row_key,
        cast(counted.times as string) as value
    from counted
    left join {{ ref('stg_indicators') }} as indicators
        on counted.index_code = indicators.index_code and counted.indicator_code = indicators.indicator_code
    where indicators.indicator_code is null or counted.times > 1 or not coalesce(counted.is_valid, false)
    union all
    select
        'ruler_indicator_missing' as reason,
        'index_code=' || indicators.index_code || ', indicator_code=' || indicators.indicator_code as row_key,
        cast(null as string) as value
    from {{ ref('stg_indicators') }} as indicators
    left join counted
        on indicators.index_code = counted.index_code and indicators.indicator_code = counted.indicator_code
    where counted.indicator_code is null and {{ quoted_text(var("ruler")) }} != ''
    union all
    select
        'ruler_weights_not_one' as reason,
        'index_code=' || index_code as row_key,
        cast(total as string) as value
    from weight_sums
    where abs(total - 1) > 1e-9
    union all
    select
        'ruler_of_another_baseline' as reason,
        'spec_code=' || spec_code as row_key,
        cast(null as string) as value
    from {{ ref('stg_specs') }}
    where is_baseline and not is_classical and {{ quoted_text(var("ruler")) }} != ''
)

select * from final
