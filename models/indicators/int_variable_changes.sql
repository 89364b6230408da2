{#-
    difference k    x_t - x_(t-k)
    growth k        (x_t - x_(t-k)) / x_(t-k)
of the value after step 1, by the calendar: the value k years before of the same entity, never that of the row above. Where it
is missing there is no row; a growth rate from 0 is null.
-#}
with

changed as (
    select * from {{ ref('int_variable_measures') }}
    where second_transform in ('difference', 'growth')
),

final as (
    select
        changed.variable_code,
        changed.entity_code,
        changed.year,
        changed.numerator,
        changed.denominator,
        changed.untransformed_value,
        case changed.second_transform
            when 'difference' then changed.stepped_value - earlier.stepped_value
            when 'growth' then (changed.stepped_value - earlier.stepped_value) / nullif(earlier.stepped_value, 0)
        end as variable_value,
        changed.is_derived or earlier.is_derived as is_derived,
        changed.is_imputed or earlier.is_imputed as is_imputed
    from changed
    inner join changed as earlier
        on
            changed.variable_code = earlier.variable_code
            and changed.entity_code = earlier.entity_code
            and changed.year - changed.order_of_years = earlier.year
    where changed.is_in_its_years and earlier.stepped_value is not null
)

select * from final
