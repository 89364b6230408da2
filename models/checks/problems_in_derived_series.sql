{#-
What keeps a derived series that is used from having a value, one row per series and cause: a zero under a ratio, a
growth index that is not positive. Reported before the values that go missing because of it.
-#}
with

definitions as (
    select * from {{ ref('stg_derived_series') }}
),

used_codes as (
    select numerator_series as series_code from {{ ref('stg_indicators') }}
    union
    select denominator_series as series_code from {{ ref('stg_indicators') }}
    union
    select numerator_series as series_code from {{ ref('stg_variables') }}
    union
    select denominator_series as series_code from {{ ref('stg_variables') }}
    union
    select left_series as series_code from definitions
    where step = 2
    union
    select right_series as series_code from definitions
    where step = 2
),

index_span as (
    select
        -- Without an index every year counts.
        coalesce(min(first_year), 0) as first_year,
        coalesce(max(last_year), 9999) as last_year
    from {{ ref('stg_indices') }}
),

faults as (
    select
        definitions.series_code,
        definitions.right_series,
        right_known.entity_code,
        right_known.year,
        case
            when
                definitions.operation = 'ratio'
                and right_known.series_value = 0
                and right_known.year between index_span.first_year and index_span.last_year
                then 'ratio_by_zero'
            when
                definitions.operation = 'chain'
                and right_known.series_value <= 0
                and right_known.year > least(definitions.base_year, index_span.first_year)
                and right_known.year <= index_span.last_year
                then 'growth_index_not_positive'
            when definitions.operation = 'deflate' and right_known.series_value <= 0 then 'growth_index_not_positive'
        end as reason
    from definitions
    inner join used_codes on definitions.series_code = used_codes.series_code
    inner join {{ ref('int_series_known') }} as right_known on definitions.right_series = right_known.series_code
    cross join index_span
),

final as (
    select
        reason,
        'def_derived_series' as file,
        'series_code=' || series_code as row_key,
        right_series as value,
        min(entity_code) as entity_code,
        count(distinct entity_code) - 1 as more,
        min(year) as first_year,
        max(year) as last_year
    from faults
    where reason is not null
    group by reason, series_code, right_series
)

select * from final
