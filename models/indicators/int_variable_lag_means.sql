{#-
    lag_mean k    (x_(t-1) + ... + x_(t-k)) / k
of the value after step 1, by the calendar and of the same entity. All k years must have a value; the year itself needs none,
only some other figure of the entity. The sum is made year by year, so its last bit does not depend on the order of the rows.
-#}
with

earlier as (
    select * from {{ ref('int_variable_measures') }}
    where second_transform = 'lag_mean'
),

variables as (
    select * from {{ ref('stg_variables') }}
    where second_transform = 'lag_mean'
),

summed as (
    select
        earlier.variable_code,
        observed_rows.entity_code,
        observed_rows.year,
        max(variables.order_of_years) as order_of_years,
        count(earlier.stepped_value) as years_found,
        {{ exact_sum('earlier.stepped_value') }} as total,
        max(cast(earlier.is_derived as integer)) = 1 as is_derived,
        max(cast(earlier.is_imputed as integer)) = 1 as is_imputed
    from {{ ref('int_observed_rows') }} as observed_rows
    inner join earlier
        on
            observed_rows.entity_code = earlier.entity_code
            and observed_rows.year > earlier.year
            and observed_rows.year <= earlier.year + earlier.order_of_years
    inner join variables
        on
            earlier.variable_code = variables.variable_code
            and observed_rows.year >= coalesce(variables.first_year, observed_rows.year)
            and observed_rows.year <= coalesce(variables.last_year, observed_rows.year)
    group by earlier.variable_code, observed_rows.entity_code, observed_rows.year
),

final as (
    select
        variable_code,
        entity_code,
        year,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        cast(null as double) as untransformed_value,
        total / order_of_years as variable_value,
        is_derived,
        is_imputed
    from summed
    where years_found = order_of_years
)

select * from final
