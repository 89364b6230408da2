{{ config(materialized='table', tags=['evidence']) }}
{#-
Changes of an observed figure from one year to the next beyond the parameter jump_factor, up or down, and every step from or
to a figure that is not positive; with what the study says of them, the most particular word first.
-#}
with

observed as (
    select
        series_code,
        entity_code,
        year,
        observed_value,
        lag(observed_value) over (partition by series_code, entity_code order by year) as previous_value,
        lag(year) over (partition by series_code, entity_code order by year) as previous_year
    from {{ ref('stg_observations') }}
    where observed_value is not null and year is not null
),

jumps as (
    select
        series_code,
        entity_code,
        year,
        previous_value,
        observed_value,
        case when previous_value > 0 and observed_value > 0 then observed_value / previous_value end as ratio
    from observed
    where
        previous_year = year - 1
        and previous_value != observed_value
        and (
            previous_value <= 0 or observed_value <= 0
            or observed_value > {{ parameter('jump_factor', 1, 1000000, whole=false) }} * previous_value
            or previous_value > {{ parameter('jump_factor', 1, 1000000, whole=false) }} * observed_value
        )
),

judged as (
    select
        jumps.*,
        words.verdict,
        words.reason_zh,
        words.reason_en,
        row_number() over (
            partition by jumps.series_code, jumps.entity_code, jumps.year
            order by
                case when words.entity_code is not null then 0 else 1 end,
                case when words.year is not null then 0 else 1 end
        ) as place
    from jumps
    left join {{ ref('stg_jumps') }} as words
        on
            jumps.series_code = words.series_code
            and coalesce(words.entity_code, jumps.entity_code) = jumps.entity_code
            and coalesce(words.year, jumps.year) = jumps.year
),

final as (
    select
        series_code,
        entity_code,
        year,
        previous_value,
        observed_value,
        ratio,
        coalesce(verdict, 'not judged') as verdict,
        reason_zh,
        reason_en
    from judged
    where place = 1
)

select * from final
