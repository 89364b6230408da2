-- depends_on: {{ ref('study_problems') }}
with

definitions as (
    select
        series_code,
        name_zh,
        name_en,
        unit,
        source,
        vintage,
        trust,
        false as is_derived,
        cast(null as string) as operation,
        cast(null as string) as left_series,
        cast(null as string) as right_series,
        cast(null as integer) as base_year,
        cast(null as double) as multiplier,
        cast(null as string) as formula,
        note,
        unit_zh,
        source_zh,
        vintage_zh,
        note_zh
    from {{ ref('stg_series') }}
    union all
    select
        series_code,
        name_zh,
        name_en,
        unit,
        'derived' as source,
        cast(null as string) as vintage,
        cast(null as string) as trust,
        true as is_derived,
        operation,
        left_series,
        right_series,
        base_year,
        multiplier,
        operation || '(' || left_series || ', ' || right_series || coalesce(', ' || cast(base_year as string), '')
        || ') * ' || {{ number_text('multiplier') }} as formula,
        note,
        unit_zh,
        'derived' as source_zh,
        cast(null as string) as vintage_zh,
        note_zh
    from {{ ref('stg_derived_series') }}
),

final as (
    select
        definitions.*,
        coverage.first_year,
        coverage.last_year,
        coalesce(coverage.cells, 0) as cells,
        coalesce(coverage.imputed_cells, 0) as imputed_cells
    from definitions
    left join {{ ref('int_series_coverage') }} as coverage
        on definitions.series_code = coverage.series_code
)

select * from final
