{{ config(materialized='table') }}
{#-
    a printed value v with d decimals lies in [v - 10^-d / 2, v + 10^-d / 2]
Every printed cell with the interval of all numbers that could have been rounded to it; a count (n_..., obs) is
exact, and a standard error, a p-value or an R2 does not leave its range: a number outside it stands for nothing, and its
interval is blank (A18 names it). Words are kept as words. The tolerance of
one part in 10^9 of the half unit is for binary fractions: it makes intervals wider, never narrower.
-#}
with

cells as (
    select
        table_code, model_code, coalesce(equation, 'main') as equation, term, 'estimate' as quantity,
        estimate as printed, stars
    from {{ ref('published_coefficients') }}
    union all
    select
        table_code, model_code, coalesce(equation, 'main') as equation, term, 'std_error' as quantity,
        std_error as printed, null as stars
    from {{ ref('published_coefficients') }}
    union all
    select
        table_code, model_code, coalesce(equation, 'main') as equation, term, 't_value' as quantity,
        t_value as printed, null as stars
    from {{ ref('published_coefficients') }}
    union all
    select
        table_code, model_code, coalesce(equation, 'main') as equation, term, 'p_value' as quantity,
        p_value as printed, null as stars
    from {{ ref('published_coefficients') }}
    union all
    select
        table_code, model_code, coalesce(equation, 'main') as equation, term, 'conf_low' as quantity,
        conf_low as printed, null as stars
    from {{ ref('published_coefficients') }}
    union all
    select
        table_code, model_code, coalesce(equation, 'main') as equation, term, 'conf_high' as quantity,
        conf_high as printed, null as stars
    from {{ ref('published_coefficients') }}
    union all
    select
        table_code, model_code, 'main' as equation, null as term, statistic as quantity,
        printed_value as printed, stars
    from {{ ref('published_statistics') }}
    union all
    select
        'descriptives' as table_code, null as model_code, null as equation, variable_code as term, 'obs' as quantity,
        obs as printed, null as stars
    from {{ ref('published_descriptives') }}
    union all
    select
        'descriptives' as table_code, null as model_code, null as equation, variable_code as term, 'mean' as quantity,
        mean as printed, null as stars
    from {{ ref('published_descriptives') }}
    union all
    select
        'descriptives' as table_code,
        null as model_code,
        null as equation,
        variable_code as term,
        'std_dev' as quantity,
        std_dev as printed, null as stars
    from {{ ref('published_descriptives') }}
    union all
    select
        'descriptives' as table_code, null as model_code, null as equation, variable_code as term, 'min' as quantity,
        min as printed, null as stars
    from {{ ref('published_descriptives') }}
    union all
    select
        'descriptives' as table_code, null as model_code, null as equation, variable_code as term, 'max' as quantity,
        max as printed, null as stars
    from {{ ref('published_descriptives') }}
),

half_width as (
    select
        table_code, model_code, equation, term, quantity, printed,
        {{ half_width('printed') }} as plain,
        {{ half_width('stars') }} as stars
    from cells
    where printed is not null
),

-- A plus at the end is a mark of significance, one at the beginning is a sign.
cleaned as (
    select
        *,
        translate(trim(trailing '+' from trim(plain)), ' ,()[]*', '') as digits,
        coalesce(
            stars,
            nullif(
                repeat('*', length(plain) - length(replace(plain, '*', '')))
                || case when trim(plain) like '%+' then '+' else '' end,
                ''
            )
        ) as marks
    from half_width
),

numbers as (
    select
        *,
        {{ plain_number('digits') }} as printed_value,
        split_part(lower(digits), 'e', 1) as mantissa,
        coalesce(try_cast(split_part(lower(digits), 'e', 2) as integer), 0) as power_of_ten
    from cleaned
),

precise as (
    select
        *,
        case
            when printed_value is null then null
            when quantity = 'obs' or quantity like 'n~_%' escape '~' then 0.0
            else 0.5000000005 * power(10.0, power_of_ten - length(split_part(mantissa, '.', 2)))
        end as half_unit,
        case
            when quantity in ('std_error', 'std_dev', 'p_value') or quantity like '%~_p' escape '~' then 0.0
            else -cast('infinity' as double)
        end as least_possible,
        case
            when quantity = 'p_value' or quantity like '%~_p' escape '~' or quantity in ('r2', 'adj_r2') then 1.0
            else cast('infinity' as double)
        end as greatest_possible
    from numbers
),

final as (
    select
        table_code,
        model_code,
        equation,
        term,
        quantity,
        printed,
        marks as stars,
        printed_value,
        half_unit,
        case
            when printed_value between least_possible and greatest_possible
                then greatest(printed_value - half_unit, least_possible)
        end as low,
        case
            when printed_value between least_possible and greatest_possible
                then least(printed_value + half_unit, greatest_possible)
        end as high
    from precise
)

select * from final
