{#-
What is wrong with the frozen ruler, one row per finding: an indicator that it lacks, does not know or holds twice, bounds
and weights that are not numbers. The index waits for it to be empty.
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

findings as (
    select
        'index_code=' || coalesce(counted.index_code, '(blank)')
        || ', indicator_code=' || coalesce(counted.indicator_code, '(blank)') as row_key,
        case
            when indicators.indicator_code is null then 'is not an indicator of the study'
            when counted.times > 1 then 'stands ' || cast(counted.times as string) || ' times'
            else
                'minimum, maximum, entropy and weight must be numbers, minimum not above maximum, the others from '
                || '0 to 1'
        end as problem
    from counted
    left join {{ ref('stg_indicators') }} as indicators
        on counted.index_code = indicators.index_code and counted.indicator_code = indicators.indicator_code
    where indicators.indicator_code is null or counted.times > 1 or not coalesce(counted.is_valid, false)
    union all
    select
        'index_code=' || indicators.index_code || ', indicator_code=' || indicators.indicator_code as row_key,
        'is missing' as problem
    from {{ ref('stg_indicators') }} as indicators
    left join counted
        on indicators.index_code = counted.index_code and indicators.indicator_code = counted.indicator_code
    where counted.indicator_code is null and {{ quoted_text(var("ruler")) }} != ''
    union all
    select
        'index_code=' || index_code as row_key,
        'the weights sum to ' || cast(total as string) || ', not to 1' as problem
    from weight_sums
    where abs(total - 1) > 1e-9
),

final as (
    select
        'error' as severity,
        {{ quoted_text(var("ruler")) }} as file,
        row_key,
        {{ quoted_text(var("ruler") ~ ': ') }} || row_key || ': ' || problem
        || '. Export the ruler anew from a study with the same indicators, or leave it out.' as message
    from findings
)

select * from final
