{#-
Codes that the def_ files use and no file defines, one row per finding.
-#}
with

defined_codes as (
    select 'group' as kind, group_code as code from {{ ref('stg_groups') }}
    union
    select 'index' as kind, index_code as code from {{ ref('stg_indices') }}
    union
    select 'dimension' as kind, index_code || '.' || dimension_code as code from {{ ref('stg_dimensions') }}
    union
    select 'indicator' as kind, index_code || '.' || indicator_code as code from {{ ref('stg_indicators') }}
    union
    select 'observed_series' as kind, series_code as code from {{ ref('stg_series') }}
    union
    select 'entity' as kind, entity_code as code from {{ ref('stg_entities') }}
    union
    select 'series' as kind, series_code as code from {{ ref('stg_series') }}
    union
    select 'series' as kind, series_code as code from {{ ref('stg_derived_series') }}
    union
    select 'first_step_series' as kind, series_code as code from {{ ref('stg_series') }}
    union
    select 'second_step_series' as kind, series_code as code from {{ ref('stg_series') }}
    union
    select 'second_step_series' as kind, series_code as code from {{ ref('stg_derived_series') }}
    where step = 1
),

used_codes as (
    select
        'def_entities' as file, 'entity_code=' || entity_code as row_key, 'group_code' as used_as,
        'group' as kind, coalesce(group_code, '(blank)') as code
    from {{ ref('stg_entities') }}
    union all
    select
        'def_dimensions' as file, 'dimension_code=' || dimension_code as row_key, 'index_code' as used_as,
        'index' as kind, index_code as code
    from {{ ref('stg_dimensions') }}
    union all
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, 'dimension_code' as used_as,
        'dimension' as kind, index_code || '.' || coalesce(dimension_code, '(blank)') as code
    from {{ ref('stg_indicators') }}
    union all
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, 'numerator_series' as used_as,
        'series' as kind, coalesce(numerator_series, '(blank)') as code
    from {{ ref('stg_indicators') }}
    union all
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, 'denominator_series' as used_as,
        'series' as kind, denominator_series as code
    from {{ ref('stg_indicators') }}
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, 'numerator_series' as used_as,
        'series' as kind, coalesce(numerator_series, '(blank)') as code
    from {{ ref('stg_variables') }}
    where first_transform != 'dummy'
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, 'denominator_series' as used_as,
        'series' as kind, denominator_series as code
    from {{ ref('stg_variables') }}
    union all
    select
        'def_derived_series' as file, 'series_code=' || series_code as row_key, 'left_series' as used_as,
        case when step = 2 then 'second_step_series' else 'first_step_series' end as kind,
        coalesce(left_series, '(blank)') as code
    from {{ ref('stg_derived_series') }}
    union all
    select
        'def_derived_series' as file, 'series_code=' || series_code as row_key, 'right_series' as used_as,
        case when step = 2 then 'second_step_series' else 'first_step_series' end as kind,
        coalesce(right_series, '(blank)') as code
    from {{ ref('stg_derived_series') }}
    union all
    select
        'def_agreements' as file, 'other_code=' || other_code as row_key, 'indicator_code' as used_as,
        'indicator' as kind, coalesce(index_code, '(blank)') || '.' || coalesce(indicator_code, '(blank)') as code
    from {{ ref('stg_agreements') }}
    union all
    select
        'def_agreements' as file, 'other_code=' || other_code as row_key, 'numerator_series' as used_as,
        'series' as kind, coalesce(numerator_series, '(blank)') as code
    from {{ ref('stg_agreements') }}
    union all
    select
        'def_agreements' as file, 'other_code=' || other_code as row_key, 'denominator_series' as used_as,
        'series' as kind, denominator_series as code
    from {{ ref('stg_agreements') }}
    union all
    select
        'def_totals' as file, 'year=' || year_text as row_key, 'series_code' as used_as,
        'observed_series' as kind, coalesce(series_code, '(blank)') as code
    from {{ ref('stg_totals') }}
    union all
    select
        'def_jumps' as file, 'verdict=' || verdict as row_key, 'series_code' as used_as,
        'observed_series' as kind, coalesce(series_code, '(blank)') as code
    from {{ ref('stg_jumps') }}
    union all
    select
        'def_jumps' as file, 'series_code=' || series_code as row_key, 'entity_code' as used_as,
        'entity' as kind, entity_code as code
    from {{ ref('stg_jumps') }}
),

-- What an index is based on has indicators of its own.
unusable_bases as (
    select
        'base_not_usable' as reason,
        'def_indices' as file,
        'index_code=' || variants.index_code as row_key,
        'based_on' as column_name,
        variants.based_on as value
    from {{ ref('stg_indices') }} as variants
    left join {{ ref('stg_indices') }} as bases
        on variants.based_on = bases.index_code and bases.based_on is null and variants.index_code != variants.based_on
    where variants.based_on is not null and bases.index_code is null
),

final as (
    select * from unusable_bases
    union all
    select
        'unknown_' || used_codes.kind as reason,
        used_codes.file,
        used_codes.row_key,
        used_codes.used_as as column_name,
        used_codes.code as value
    from used_codes
    left join defined_codes on used_codes.kind = defined_codes.kind and used_codes.code = defined_codes.code
    where used_codes.code is not null and defined_codes.code is null
)

select * from final
