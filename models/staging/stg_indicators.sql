with

indicators as (
    {{ study_file(
        ref('def_indicators'),
        [
            'index_code', 'dimension_code', 'indicator_code', 'name_zh', 'name_en', 'direction',
            'numerator_series', 'denominator_series', 'multiplier', 'unit', 'definition',
        ],
        [
            'unit_zh', 'definition_zh', 'closeness', 'measured_by', 'measured_by_zh', 'sort_order', 'note', 'weight',
            'best_low', 'best_high',
        ],
    ) }}
),

final as (
    select
        index_code,
        dimension_code,
        indicator_code,
        {{ distinct_name('coalesce(name_zh, name_en, indicator_code)', 'indicator_code', ['index_code']) }} as name_zh,
        {{ distinct_name('coalesce(name_en, name_zh, indicator_code)', 'indicator_code', ['index_code']) }} as name_en,
        direction,
        numerator_series,
        denominator_series,
        multiplier as multiplier_text,
        {{ plain_number("coalesce(multiplier, '1')") }} as multiplier,
        coalesce(unit_zh, unit) as unit_zh,
        coalesce(unit, unit_zh) as unit_en,
        coalesce(definition_zh, definition) as definition_zh,
        coalesce(definition, definition_zh) as definition_en,
        closeness,
        coalesce(measured_by_zh, measured_by) as measured_by_zh,
        coalesce(measured_by, measured_by_zh) as measured_by_en,
        {{ whole_number("sort_order") }} as sort_order,
        note,
        weight as weight_text,
        {{ plain_number("weight") }} as weight,
        best_low as best_low_text,
        {{ plain_number("best_low") }} as best_low,
        best_high as best_high_text,
        {{ plain_number("coalesce(best_high, best_low)") }} as best_high,
        -- A large table is joined and grouped by a number in half the time that the codes take.
        cast(row_number() over (order by index_code, indicator_code) as integer) as indicator_key,
        cast(dense_rank() over (order by index_code, dimension_code) as integer) as dimension_key
    from indicators
)

select * from final
