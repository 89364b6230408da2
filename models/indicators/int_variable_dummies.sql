{#-
    1 in the entity-years that def_dummies.csv names, 0 in all others of the panel
The panel is the entity-years in which something is observed: a dummy adds no row to it.
-#}
with

dummies as (
    select * from {{ ref('stg_variables') }}
    where first_transform = 'dummy'
),

marked as (
    select
        dummies.variable_code,
        observed_rows.entity_code,
        observed_rows.year,
        max(case when stretches.variable_code is not null then 1.0 else 0.0 end) as dummy
    from {{ ref('int_observed_rows') }} as observed_rows
    inner join dummies
        on
            observed_rows.year >= coalesce(dummies.first_year, observed_rows.year)
            and observed_rows.year <= coalesce(dummies.last_year, observed_rows.year)
    left join {{ ref('stg_dummies') }} as stretches
        on
            dummies.variable_code = stretches.variable_code
            and observed_rows.entity_code = stretches.entity_code
            and observed_rows.year >= stretches.first_year
            and observed_rows.year <= coalesce(stretches.last_year, observed_rows.year)
    group by dummies.variable_code, observed_rows.entity_code, observed_rows.year
),

final as (
    select
        variable_code,
        entity_code,
        year,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        cast(null as double) as untransformed_value,
        cast(dummy as double) as variable_value,
        false as is_derived,
        false as is_imputed
    from marked
)

select * from final
