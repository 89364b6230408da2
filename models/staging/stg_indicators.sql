{%- set columns = [
    'dimension_code', 'indicator_code', 'name_zh', 'name_en', 'direction', 'numerator_series', 'denominator_series',
    'multiplier', 'unit', 'definition', 'unit_zh', 'definition_zh', 'closeness', 'measured_by', 'measured_by_zh',
    'sort_order', 'note', 'weight', 'best_low', 'best_high', 'goalpost_low', 'goalpost_high',
] %}
{#-
The indicators of the indices. An index that is based on another one has those of that one, less what it leaves out.
-#}
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
            'best_low', 'best_high', 'goalpost_low', 'goalpost_high',
        ],
    ) }}
),

{% if has_study_file(ref('def_indices')) -%}
    variants as (
        {{ study_file(ref('def_indices'), ['index_code'], ['based_on', 'without_indicators']) }}
    ),

    every_index as (
        select index_code, {{ columns | join(', ') }} from indicators
        union all
        select variants.index_code, indicators.{{ columns | join(', indicators.') }}
        from indicators
        inner join variants on indicators.index_code = variants.based_on
        where {{ is_listed('indicators.indicator_code', 'variants.without_indicators') }} is not true
    ),
{%- else -%}
    every_index as (
        select * from indicators
    ),
{%- endif %}

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
        goalpost_low as goalpost_low_text,
        {{ plain_number("goalpost_low") }} as goalpost_low,
        goalpost_high as goalpost_high_text,
        {{ plain_number("goalpost_high") }} as goalpost_high,
        -- A large table is joined and grouped by a number in half the time that the codes take.
        cast(row_number() over (order by index_code, indicator_code) as integer) as indicator_key,
        cast(dense_rank() over (order by index_code, dimension_code) as integer) as dimension_key
    from every_index
)

select * from final
