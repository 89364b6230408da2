with

observations as (
    {{ study_file(
        ref('raw_observations'), ['entity_code', 'year', 'series_code', 'observed_value'], ['note'],
    ) }}
),

final as (
    select
        entity_code,
        year as year_text,
        {{ whole_number("year") }} as year,
        series_code,
        observed_value as observed_text,
        {{ plain_number('observed_value') }} as observed_value,
        note
    from observations
)

select * from final
