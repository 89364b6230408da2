{#-
    minimum_j = min x_ij,   maximum_j = max x_ij   over all entity-years of the index (one pool)
taken over from a study without problems; or those of the frozen ruler, if there is one.
-#}
-- depends_on: {{ ref('study_problems') }}
-- depends_on: {{ ref('problems_in_ruler') }}
with

used as (
    select
        ranges.indicator_key,
        ranges.index_code,
        ranges.dimension_code,
        ranges.indicator_code,
        coalesce(ruler.minimum, ranges.minimum) as minimum,
        coalesce(ruler.maximum, ranges.maximum) as maximum,
        ruler.indicator_code is not null as is_frozen,
        ranges.entity_years
    from {{ ref('int_indicator_ranges') }} as ranges
    left join {{ ref('int_ruler') }} as ruler
        on ranges.index_code = ruler.index_code and ranges.indicator_code = ruler.indicator_code
),

final as (
    select
        indicator_key,
        index_code,
        dimension_code,
        indicator_code,
        minimum,
        maximum,
        {{ is_constant('minimum', 'maximum') }} as is_constant,
        is_frozen,
        entity_years
    from used
)

select * from final
