{#-
    x = numerator / denominator * multiplier      (without a denominator: numerator * multiplier)
    value = x (level)  or  ln x (log)
One row per regression variable, entity and year that an index covers; null where an input is missing or zero
or where the logarithm does not exist, and the checks name it.
-#}
with

series_values as (
    select * from {{ ref('int_series_values') }}
),

panel_years as (
    select distinct
        spine.entity_code,
        spine.year
    from {{ ref('int_spine') }} as spine
    inner join {{ ref('stg_indices') }} as indices
        on spine.year between indices.first_year and indices.last_year
),

untransformed as (
    select
        variables.variable_code,
        variables.transform,
        panel_years.entity_code,
        panel_years.year,
        numerators.series_value as numerator,
        denominators.series_value as denominator,
        case
            when variables.denominator_series is null then numerators.series_value * variables.multiplier
            else numerators.series_value / nullif(denominators.series_value, 0) * variables.multiplier
        end as untransformed_value,
        coalesce(numerators.is_derived, false) or coalesce(denominators.is_derived, false) as is_derived,
        coalesce(numerators.is_imputed, false) or coalesce(denominators.is_imputed, false) as is_imputed
    from {{ ref('stg_variables') }} as variables
    cross join panel_years
    left join series_values as numerators
        on
            variables.numerator_series = numerators.series_code
            and panel_years.entity_code = numerators.entity_code
            and panel_years.year = numerators.year
    left join series_values as denominators
        on
            variables.denominator_series = denominators.series_code
            and panel_years.entity_code = denominators.entity_code
            and panel_years.year = denominators.year
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
