-- depends_on: {{ ref('study_problems') }}
with

final as (
    select
        series_code,
        entity_code,
        year,
        previous_value,
        observed_value,
        ratio,
        verdict,
        reason_zh,
        reason_en
    from {{ ref('int_series_jumps') }}
)

select * from final
