{#- The regression variables; without a file none. -#}
with

variables as (
    {{ study_file(
        ref('def_variables'),
        [
            'variable_code', 'symbol', 'name_zh', 'name_en', 'role', 'numerator_series',
            'denominator_series', 'multiplier', 'transform', 'definition',
        ],
        [
            'unit', 'unit_zh', 'definition_zh', 'closeness', 'measured_by', 'measured_by_zh', 'sort_order', 'note',
            'first_year', 'last_year',
        ],
    ) }}
),

final as (
    select
        variable_code,
        coalesce(symbol, variable_code) as symbol,
        coalesce(name_zh, name_en, variable_code) as name_zh,
        coalesce(name_en, name_zh, variable_code) as name_en,
        role,
        numerator_series,
        denominator_series,
        multiplier as multiplier_text,
        {{ plain_number("coalesce(multiplier, '1')") }} as multiplier,
        coalesce(transform, 'level') as transform,
        coalesce(unit_zh, unit) as unit_zh,
        coalesce(unit, unit_zh) as unit_en,
        coalesce(definition_zh, definition) as definition_zh,
        coalesce(definition, definition_zh) as definition_en,
        closeness,
        coalesce(measured_by_zh, measured_by) as measured_by_zh,
        coalesce(measured_by, measured_by_zh) as measured_by_en,
        {{ whole_number("sort_order") }} as sort_order,
        note,
        first_year as first_year_text,
        {{ whole_number("first_year") }} as first_year,
        last_year as last_year_text,
        {{ whole_number("last_year") }} as last_year
    from variables
)

select * from final
order by variable_code
