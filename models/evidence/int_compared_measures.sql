{#-
The comparisons of every index; one that is based on another has those of that one for the indicators that it keeps.
-#}
with

indices as (
    select
        index_code,
        coalesce(based_on, index_code) as own_code
    from {{ ref('stg_indices') }}
),

final as (
    select
        indicators.index_code,
        indicators.indicator_key,
        agreements.indicator_code,
        agreements.other_code,
        agreements.name_zh,
        agreements.name_en,
        agreements.numerator_series,
        agreements.denominator_series,
        agreements.multiplier,
        agreements.is_better,
        agreements.note_zh,
        agreements.note_en
    from {{ ref('stg_agreements') }} as agreements
    inner join indices on agreements.index_code = indices.own_code
    inner join {{ ref('stg_indicators') }} as indicators
        on indices.index_code = indicators.index_code and agreements.indicator_code = indicators.indicator_code
)

select * from final
