-- depends_on: {{ ref('study_problems') }}
with

final as (
    select
        series_code,
        entity_code,
        used_by,
        years,
        cells
    from {{ ref('int_missing_cells') }}
)

select * from final
