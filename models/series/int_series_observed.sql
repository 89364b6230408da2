{#- Observed cells, and the interpolated ones inside their gaps. -#}
with

final as (
    select
        entity_code,
        year,
        series_code,
        observed_value as series_value,
        false as is_derived,
        false as is_imputed,
        note
    from {{ ref('stg_observations') }}
    where observed_value is not null and year is not null
    union all
    select
        entity_code,
        year,
        series_code,
        series_value,
        false as is_derived,
        true as is_imputed,
        note
    from {{ ref('int_series_interpolated') }}
)

select * from final
