{#-
The entity-years that have a figure of some series. Who needs them (a dummy, a mean of earlier years) has no numerator of its own
there; a study without such a variable gets none, and no large panel is searched.
-#}
with

final as (
    select distinct
        entity_code,
        year
    from {{ ref('int_series_values') }}
    where
        exists (
            select 1 from {{ ref('stg_variables') }} as variables
            where variables.first_transform = 'dummy' or variables.second_transform = 'lag_mean'
        )
)

select * from final
