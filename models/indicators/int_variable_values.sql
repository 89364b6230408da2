{#-
    x = numerator / denominator * multiplier      (without a denominator: numerator * multiplier)
    value = x (level)  or  ln x (log)
One row per value of the numerator in the years of the variable. A missing or zero denominator, or a logarithm that does
not exist, leaves the value null; a missing numerator leaves no row.
-#}
with

variables as (
    select * from {{ ref('stg_variables') }}
),

denominators as (
    select *
    from {{ ref('int_series_values') }}
    where series_code in (select variables.denominator_series from variables)
),

untransformed as (
    select
        variables.variable_code,
        variables.transform,
        numerators.entity_code,
        numerators.year,
        numerators.series_value as numerator,
        denominators.series_value as denominator,
        case
            when variables.denominator_series is null
                then {{ quotient('numerators.series_value', none, 'variables.multiplier') }}
            else {{ quotient('numerators.series_value', 'denominators.series_value', 'variables.multiplier') }}
        end as untransformed_value,
        numerators.is_derived or coalesce(denominators.is_derived, false) as is_derived,
        numerators.is_imputed or coalesce(denominators.is_imputed, false) as is_imputed
    from {{ ref('int_series_values') }} as numerators
    inner join variables on numerators.series_code = variables.numerator_series
    left join denominators
        on
            variables.denominator_series = denominators.series_code
            and numerators.entity_code = denominators.entity_code
            and numerators.year = denominators.year
    where
        numerators.year >= coalesce(variables.first_year, numerators.year)
        and numerators.year <= coalesce(variables.last_year, numerators.year)
),

final as (
    select
        variable_code,
        entity_code,
        year,
        numerator,
        denominator,
        untransformed_value,
        case
            when transform = 'level' then untransformed_value
            when transform = 'log' and untransformed_value > 0 then ln(untransformed_value)
        end as variable_value,
        is_derived,
        is_imputed
    from untransformed
)

select * from final
