{#-
What keeps an indicator or a variable from being computed, one row per indicator or variable and cause: of an index that
stops, a missing input or a zero denominator; of a variable, a zero denominator or a logarithm of a number that is not
positive; an indicator that is the same everywhere, or that has no value at all. A missing input of a variable is normal.
Values are counted first; only where some are missing are the cells searched.
-#}
with

entity_count as (
    select count(*) as entities from {{ ref('stg_entities') }}
),

index_years as (
    select
        indices.index_code,
        years.year
    from {{ ref('int_years') }} as years
    inner join {{ ref('stg_indices') }} as indices on years.year between indices.first_year and indices.last_year
),

year_counts as (
    select
        index_code,
        count(*) as years
    from index_years
    group by index_code
),

indicators as (
    select
        indicators.*,
        indices.missing,
        ranges.minimum,
        ranges.maximum,
        coalesce(
            (indices.missing != 'stop' or ranges.entity_years = entity_count.entities * year_counts.years)
            and abs(ranges.minimum) < cast('infinity' as double)
            and abs(ranges.maximum) < cast('infinity' as double),
            false
        ) as is_complete
    from {{ ref('stg_indicators') }} as indicators
    inner join {{ ref('stg_indices') }} as indices on indicators.index_code = indices.index_code
    inner join year_counts on indicators.index_code = year_counts.index_code
    left join {{ ref('int_indicator_ranges') }} as ranges
        on indicators.index_code = ranges.index_code and indicators.indicator_code = ranges.indicator_code
    cross join entity_count
),

faulty_variables as (
    select variables.*
    from {{ ref('stg_variables') }} as variables
    inner join {{ ref('int_variable_ranges') }} as ranges on variables.variable_code = ranges.variable_code
    where
        ranges.rows_found > ranges.entity_years
        or not abs(ranges.minimum) < cast('infinity' as double)
        or not abs(ranges.maximum) < cast('infinity' as double)
),

empty_indices as (
    select distinct index_code
    from indicators
    where missing != 'stop' and minimum is null
),

incomplete_indicator_values as (
    select indicator_values.*
    from {{ ref('int_indicator_values') }} as indicator_values
    inner join indicators
        on
            indicator_values.index_code = indicators.index_code
            and indicator_values.indicator_code = indicators.indicator_code
    where not indicators.is_complete
),

cells as (
    select
        'def_indicators' as file,
        'index_code=' || indicators.index_code || ', indicator_code=' || indicators.indicator_code as row_key,
        indicators.numerator_series,
        indicators.denominator_series,
        'level' as first_transform,
        'none' as second_transform,
        spine.entity_code,
        spine.year,
        found.numerator,
        found.denominator,
        found.indicator_value as untransformed_value,
        found.indicator_value as final_value
    from indicators
    inner join index_years on indicators.index_code = index_years.index_code
    inner join {{ ref('int_spine') }} as spine on index_years.year = spine.year
    left join incomplete_indicator_values as found
        on
            indicators.index_code = found.index_code
            and indicators.indicator_code = found.indicator_code
            and spine.entity_code = found.entity_code
            and spine.year = found.year
    where not indicators.is_complete and indicators.missing = 'stop'
    union all
    select
        'def_variables' as file,
        'variable_code=' || variables.variable_code as row_key,
        variables.numerator_series,
        variables.denominator_series,
        variables.first_transform,
        variables.second_transform,
        found.entity_code,
        found.year,
        found.numerator,
        found.denominator,
        found.untransformed_value,
        found.variable_value as final_value
    from faulty_variables as variables
    inner join {{ ref('int_variable_values') }} as found on variables.variable_code = found.variable_code
    where variables.denominator_series is null or found.denominator is not null
),

faults as (
    select
        file,
        row_key,
        entity_code,
        year,
        case
            when numerator is null or (denominator_series is not null and denominator is null) then 'value_missing'
            when denominator = 0 then 'denominator_zero'
            when first_transform = 'log' and untransformed_value <= 0 then 'logarithm_of_no_positive_number'
            when first_transform = 'log1p' and untransformed_value <= -1 then 'logarithm_of_no_positive_number'
            when second_transform = 'growth' then 'growth_from_zero'
            when second_transform = 'share' then 'share_of_zero'
            when second_transform = 'standardise' then 'variable_constant'
            else 'value_not_finite'
        end as reason,
        case when numerator is null then numerator_series else denominator_series end as series_code
    from cells
    where final_value is null or not abs(final_value) < cast('infinity' as double)
),

uncomputable as (
    select
        reason,
        file,
        row_key,
        case when reason in ('value_missing', 'denominator_zero') then series_code end as value,
        min(entity_code) as entity_code,
        count(distinct entity_code) - 1 as more,
        min(year) as first_year,
        max(year) as last_year
    from faults
    group by reason, file, row_key, case when reason in ('value_missing', 'denominator_zero') then series_code end
),

constant_indicators as (
    select
        'indicator_constant' as reason,
        'def_indicators' as file,
        'index_code=' || index_code || ', indicator_code=' || indicator_code as row_key,
        cast(minimum as string) as value
    from indicators
    where is_complete and {{ is_constant('minimum', 'maximum') }}
),

constant_dimensions as (
    select
        'dimension_constant' as reason,
        'def_dimensions' as file,
        'index_code=' || index_code || ', dimension_code=' || dimension_code as row_key,
        cast(null as string) as value
    from indicators
    group by index_code, dimension_code
    having min(case when is_complete and {{ is_constant('minimum', 'maximum') }} then 1 else 0 end) = 1
),

without_values as (
    select
        'index_without_rows' as reason,
        'def_indices' as file,
        'index_code=' || index_code as row_key,
        cast(null as string) as value
    from empty_indices
    union all
    select
        'variable_without_values' as reason,
        'def_variables' as file,
        'variable_code=' || variables.variable_code as row_key,
        cast(null as string) as value
    from {{ ref('stg_variables') }} as variables
    left join {{ ref('int_variable_ranges') }} as ranges on variables.variable_code = ranges.variable_code
    where coalesce(ranges.entity_years, 0) = 0
),

constant as (
    select * from without_values
    union all
    select * from constant_indicators
    union all
    select * from constant_dimensions
),

final as (
    select * from uncomputable
    union all
    select
        reason, file, row_key, value,
        cast(null as string) as entity_code, 0 as more,
        cast(null as integer) as first_year, cast(null as integer) as last_year
    from constant
)

select * from final
