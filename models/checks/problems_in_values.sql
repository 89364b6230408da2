{#-
What keeps an indicator or a variable from being computed, one row per indicator or variable, entity and cause:
a missing input that cannot be interpolated, a zero denominator, a logarithm of a number that is not positive,
an indicator that is the same everywhere.
-#}
{%- set only_gaps -%}
    'Only a gap between two observed years is interpolated: complete the series, shorten the index or use another '
    || 'series.'
{%- endset %}
with

indicator_causes as (
    select
        'def_indicators' as file,
        'index_code=' || indicator_values.index_code || ', indicator_code=' || indicator_values.indicator_code
            as row_key,
        indicator_values.entity_code,
        indicator_values.year,
        case
            when indicator_values.numerator is null
                then 'series ' || indicators.numerator_series || ' has no value and cannot be interpolated'
            when indicators.denominator_series is not null and indicator_values.denominator is null
                then 'series ' || indicators.denominator_series || ' has no value and cannot be interpolated'
            when indicator_values.denominator = 0
                then 'the denominator ' || indicators.denominator_series || ' is zero'
            else 'the value is not finite'
        end as cause,
        case
            when
                indicator_values.numerator is null
                or (indicators.denominator_series is not null and indicator_values.denominator is null)
                then {{ only_gaps }}
            else 'Correct the zero, shorten the index or use another series.'
        end as mend
    from {{ ref('int_indicator_values') }} as indicator_values
    inner join {{ ref('stg_indicators') }} as indicators
        on
            indicator_values.index_code = indicators.index_code
            and indicator_values.indicator_code = indicators.indicator_code
    where
        indicator_values.indicator_value is null
        or abs(indicator_values.indicator_value) >= cast('infinity' as double)
),

variable_causes as (
    select
        'def_variables' as file,
        'variable_code=' || variable_values.variable_code as row_key,
        variable_values.entity_code,
        variable_values.year,
        case
            when variable_values.numerator is null
                then 'series ' || variables.numerator_series || ' has no value and cannot be interpolated'
            when variables.denominator_series is not null and variable_values.denominator is null
                then 'series ' || variables.denominator_series || ' has no value and cannot be interpolated'
            when variable_values.denominator = 0
                then 'the denominator ' || variables.denominator_series || ' is zero'
            when variables.transform = 'log' and variable_values.untransformed_value <= 0
                then 'the logarithm of a number that is not positive does not exist'
            else 'the value is not finite'
        end as cause,
        case
            when
                variable_values.numerator is null
                or (variables.denominator_series is not null and variable_values.denominator is null)
                then {{ only_gaps }}
            when variable_values.denominator = 0 then 'Correct the zero, shorten the index or use another series.'
            else 'Use the transform level, correct the figure or use another series.'
        end as mend
    from {{ ref('int_variable_values') }} as variable_values
    inner join {{ ref('stg_variables') }} as variables
        on variable_values.variable_code = variables.variable_code
    where
        variable_values.variable_value is null
        or abs(variable_values.variable_value) >= cast('infinity' as double)
),

causes as (
    select * from indicator_causes
    union all
    select * from variable_causes
),

uncomputable as (
    select
        'error' as severity,
        file,
        row_key,
        cause || ': ' || {{ where_and_when() }}
        || '. ' || mend as problem
    from causes
    group by file, row_key, cause, mend
),

ranges as (
    select
        index_code,
        dimension_code,
        indicator_code,
        min(indicator_value) as minimum,
        max(indicator_value) as maximum,
        {{ is_constant('min(indicator_value)', 'max(indicator_value)') }} as is_constant,
        count(*) - count(indicator_value) as missing
    from {{ ref('int_indicator_values') }}
    group by index_code, dimension_code, indicator_code
),

constant_indicators as (
    select
        'warning' as severity,
        'def_indicators' as file,
        'index_code=' || index_code || ', indicator_code=' || indicator_code as row_key,
        'has the same value ' || cast(minimum as string) || ' in every row: it separates nobody and gets weight 0. '
        || 'Remove it or correct its series.' as problem
    from ranges
    where is_constant and missing = 0
),

constant_dimensions as (
    select
        'error' as severity,
        'def_dimensions' as file,
        'index_code=' || index_code || ', dimension_code=' || dimension_code as row_key,
        'has only constant indicators: no score of it exists. Add an indicator that varies or drop the dimension.'
            as problem
    from ranges
    group by index_code, dimension_code
    having min(cast(is_constant as integer)) = 1 and sum(missing) = 0
),

final as (
    select * from uncomputable
    union all
    select * from constant_indicators
    union all
    select * from constant_dimensions
)

select * from final
