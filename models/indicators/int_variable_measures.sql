{#-
    x = numerator / denominator * multiplier      (without a denominator: numerator * multiplier)
    stepped_value = x (level), ln x (log) or ln(1 + x) (log1p): step 1 of the transform
One row per value of the numerator. A missing or zero denominator, or a logarithm that does not exist, leaves the value null; a
missing numerator leaves no row. Years outside those of the variable stay: a growth rate of the first year needs the year
before it.
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
        variables.first_transform,
        variables.second_transform,
        variables.order_of_years,
        variables.lower_share,
        variables.upper_share,
        numerators.entity_code,
        numerators.year,
        numerators.year >= coalesce(variables.first_year, numerators.year)
        and numerators.year <= coalesce(variables.last_year, numerators.year) as is_in_its_years,
        numerators.series_value as numerator,
        denominators.series_value as denominator,
        {{ quotient_of_series('variables') }} as untransformed_value,
        numerators.is_derived or coalesce(denominators.is_derived, false) as is_derived,
        numerators.is_imputed or coalesce(denominators.is_imputed, false) as is_imputed
    from {{ ref('int_series_values') }} as numerators
    inner join variables on numerators.series_code = variables.numerator_series
    left join denominators
        on
            variables.denominator_series = denominators.series_code
            and numerators.entity_code = denominators.entity_code
            and numerators.year = denominators.year
),

final as (
    select
        *,
        case
            when first_transform = 'level' then untransformed_value
            when first_transform = 'log' and untransformed_value > 0 then ln(untransformed_value)
            when first_transform = 'log1p' and untransformed_value > -1 then ln(1 + untransformed_value)
        end as stepped_value
    from untransformed
)

select * from final
