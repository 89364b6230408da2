{#- Observed cells, and what stands in for missing ones where the series asks for it. -#}
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
    from {{ ref('int_series_imputed') }}
)

select * from final
