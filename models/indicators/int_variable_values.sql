{#-
Every variable after both steps of its transform: the value of step 1 itself, its square, or what the models of the other words
of step 2 make of it. Only rows in the years of the variable. A value that cannot be computed is null, and is named by the
checks; a value that is missing has no row.
-#}
with

measures as (
    select
        variable_code,
        entity_code,
        year,
        numerator,
        denominator,
        untransformed_value,
        case second_transform when 'square' then stepped_value * stepped_value else stepped_value end as variable_value,
        is_derived,
        is_imputed
    from {{ ref('int_variable_measures') }}
    where second_transform in ('none', 'square') and is_in_its_years
),

final as (
    select * from measures
    union all
    select * from {{ ref('int_variable_changes') }}
    union all
    select * from {{ ref('int_variable_lag_means') }}
    union all
    select * from {{ ref('int_variable_comparisons') }}
    union all
    select * from {{ ref('int_variable_dummies') }}
)

select * from final
