{#-
What the value after step 1 is beside those of the other rows of the variable, in its years:
    share            x_it / sum over the entities with a value in year t
    standardise      (x - mean) / s over all rows, with n - 1 in s
    winsorise a b    x pulled in to the quantiles a and b of all rows; quantiles interpolate between the two values around
                     1 + (n - 1) a (type 7 of Hyndman and Fan), as a model's winsorise does
A share of a total of 0 and a score of what is the same everywhere are null.
-#}
with

compared as (
    select * from {{ ref('int_variable_measures') }}
    where second_transform in ('share', 'standardise', 'winsorise') and is_in_its_years
),

placed as (
    select
        *,
        count(stepped_value) over (partition by variable_code) as values_found,
        row_number() over (partition by variable_code order by stepped_value nulls last, entity_code, year) as place,
        {{ sum_over('stepped_value', ['variable_code', 'year'], 'entity_code') }} as total_of_year,
        max(cast(is_imputed as integer)) over (partition by variable_code, year) = 1 as is_any_imputed,
        {{ sum_over('stepped_value', ['variable_code'], 'entity_code, year') }}
        / count(stepped_value) over (partition by variable_code) as mean,
        min(stepped_value) over (partition by variable_code) as minimum,
        max(stepped_value) over (partition by variable_code) as maximum
    from compared
),

bounded as (
    select
        *,
        sqrt(
            {{ sum_over('(stepped_value - mean) * (stepped_value - mean)', ['variable_code'], 'entity_code, year') }}
            / nullif(values_found - 1, 0)
        ) as std_dev,
        {{ sum_over(
            'stepped_value * greatest(0, 1 - abs(place - 1 - (values_found - 1) * lower_share))', ['variable_code'],
            'entity_code, year'
        ) }} as lower_bound,
        {{ sum_over(
            'stepped_value * greatest(0, 1 - abs(place - 1 - (values_found - 1) * upper_share))', ['variable_code'],
            'entity_code, year'
        ) }} as upper_bound
    from placed
),

final as (
    select
        variable_code,
        entity_code,
        year,
        numerator,
        denominator,
        untransformed_value,
        case second_transform
            when 'share' then stepped_value / nullif(total_of_year, 0)
            when 'standardise'
                then case
                    when not ({{ is_constant('minimum', 'maximum') }}) then (stepped_value - mean) / nullif(std_dev, 0)
                end
            when 'winsorise'
                then case
                    when stepped_value is not null then least(greatest(stepped_value, lower_bound), upper_bound)
                end
        end as variable_value,
        is_derived,
        case second_transform when 'share' then is_any_imputed else is_imputed end as is_imputed
    from bounded
)

select * from final
