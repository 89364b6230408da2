-- depends_on: {{ ref('study_problems') }}
with

final as (
    select
        entity_code,
        year,
        series_code,
        series_value as value,
        is_derived,
        is_imputed,
        note
    from {{ ref('int_series_values') }}
)

select * from final
