-- depends_on: {{ ref('study_problems') }}
with

inputs as (
    select
        index_code,
        indicator_code,
        max(cast(is_derived as integer)) = 1 as uses_derived,
        cast(sum(cast(is_imputed as integer)) as bigint) as imputed_values
    from {{ ref('int_indicator_values') }}
    group by index_code, indicator_code
),

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
        indicators.closeness,
        coalesce(indicators.closeness != 'A', false) as is_proxy,
        inputs.uses_derived,
        inputs.imputed_values,
        indicators.sort_order,
        indicators.note
    from {{ ref('stg_indicators') }} as indicators
    inner join {{ ref('stg_indices') }} as indices on indicators.index_code = indices.index_code
    inner join {{ ref('stg_dimensions') }} as dimensions
        on indicators.index_code = dimensions.index_code and indicators.dimension_code = dimensions.dimension_code
    inner join inputs
        on indicators.index_code = inputs.index_code and indicators.indicator_code = inputs.indicator_code
)

select * from final
