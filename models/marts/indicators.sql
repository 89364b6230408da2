-- depends_on: {{ ref('study_problems') }}
with

final as (
    select
        indicators.index_code,
        indicators.indicator_code,
        indicators.name_zh,
        indicators.name_en,
        indices.name_zh as index_name_zh,
        indices.name_en as index_name_en,
        indicators.dimension_code,
        dimensions.name_zh as dimension_name_zh,
        dimensions.name_en as dimension_name_en,
        dimensions.sort_order as dimension_sort_order,
        indicators.direction,
        indicators.numerator_series,
        indicators.denominator_series,
        indicators.multiplier,
        indicators.unit_zh,
        indicators.unit_en,
        indicators.definition_zh,
        indicators.definition_en,
        indicators.measured_by_zh,
        indicators.measured_by_en,
        grades.closeness,
        grades.declared_closeness,
        grades.rank_correlation,
        coalesce(grades.closeness != 'A', false) as is_proxy,
        ranges.uses_derived,
        ranges.imputed_values,
        indicators.sort_order,
        indicators.note
    from {{ ref('stg_indicators') }} as indicators
    inner join {{ ref('stg_indices') }} as indices on indicators.index_code = indices.index_code
    inner join {{ ref('stg_dimensions') }} as dimensions
        on indicators.index_code = dimensions.index_code and indicators.dimension_code = dimensions.dimension_code
    inner join {{ ref('int_closeness') }} as grades
        on indicators.index_code = grades.index_code and indicators.indicator_code = grades.indicator_code
    inner join {{ ref('int_indicator_ranges') }} as ranges
        on indicators.index_code = ranges.index_code and indicators.indicator_code = ranges.indicator_code
)

select * from final
