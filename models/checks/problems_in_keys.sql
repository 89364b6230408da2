{#-
What is wrong with the rows of the def_ files, one row per finding: a key that stands twice or is blank, a file without
rows that the others need, a study without indicator or variable, an index without indicators, no baseline or more than one.
-#}
with

keys as (
    select 'def_groups' as file, 'group_code=' || group_code as row_key from {{ ref('stg_groups') }}
    union all
    select 'def_entities' as file, 'entity_code=' || entity_code as row_key from {{ ref('stg_entities') }}
    union all
    select 'def_series' as file, 'series_code=' || series_code as row_key from {{ ref('stg_series') }}
    union all
    select 'def_derived_series' as file, 'series_code=' || series_code as row_key from {{ ref('stg_derived_series') }}
    union all
    select 'def_indices' as file, 'index_code=' || index_code as row_key from {{ ref('stg_indices') }}
    union all
    select 'def_dimensions' as file, 'index_code=' || index_code || ', dimension_code=' || dimension_code as row_key
    from {{ ref('stg_dimensions') }}
    union all
    select 'def_indicators' as file, 'index_code=' || index_code || ', indicator_code=' || indicator_code as row_key
    from {{ ref('stg_indicators') }}
    union all
    select 'def_variables' as file, 'variable_code=' || variable_code as row_key from {{ ref('stg_variables') }}
    union all
    select 'def_specs' as file, 'spec_code=' || spec_code as row_key from {{ ref('stg_specs') }}
    union all
    select
        'def_agreements' as file,
        'index_code=' || index_code || ', indicator_code=' || indicator_code || ', other_code=' || other_code as row_key
    from {{ ref('stg_agreements') }}
    union all
    select 'def_totals' as file, 'series_code=' || series_code || ', year=' || year_text as row_key
    from {{ ref('stg_totals') }}
    union all
    select
        'def_jumps' as file,
        'series_code=' || series_code || ', entity_code=' || coalesce(entity_code, '') || ', year='
        || coalesce(year_text, '') as row_key
    from {{ ref('stg_jumps') }}
),

repeated_keys as (
    select
        'key_repeated' as reason,
        file,
        row_key,
        cast(count(*) as string) as value
    from keys
    group by file, row_key
    having count(*) > 1
),

-- A series is observed or derived, not both.
series_in_two_files as (
    select
        'series_in_two_files' as reason,
        'def_series' as file,
        'series_code=' || observed.series_code as row_key,
        cast(null as string) as value
    from {{ ref('stg_series') }} as observed
    inner join {{ ref('stg_derived_series') }} as derived on observed.series_code = derived.series_code
    group by observed.series_code
),

blank_keys as (
    select 'key_blank' as reason, file, cast(null as string) as row_key, cast(null as string) as value
    from keys
    where row_key is null
),

counts as (
    select
        (select count(*) from {{ ref('stg_indicators') }}) as indicators,
        (select count(*) from {{ ref('stg_variables') }}) as variables
),

-- Without an indicator there is no index, and no file of an index is needed.
required_files as (
    select 'def_entities' as file, count(*) as row_count from {{ ref('stg_entities') }}
    union all
    select 'def_series' as file, count(*) as row_count from {{ ref('stg_series') }}
    union all
    select 'raw_observations' as file, count(*) as row_count from {{ ref('int_series_extents') }}
    union all
    select 'def_indices' as file, (select count(*) from {{ ref('stg_indices') }}) as row_count from counts
    where indicators > 0
    union all
    select 'def_dimensions' as file, (select count(*) from {{ ref('stg_dimensions') }}) as row_count from counts
    where indicators > 0
    union all
    select 'def_specs' as file, (select count(*) from {{ ref('stg_specs') }}) as row_count from counts
    where indicators > 0
),

empty_files as (
    select 'file_without_rows' as reason, file, cast(null as string) as row_key, cast(null as string) as value
    from required_files
    where row_count = 0
    union all
    select
        'nothing_to_compute' as reason,
        'def_indicators' as file,
        cast(null as string) as row_key,
        cast(null as string) as value
    from counts
    where indicators = 0 and variables = 0
),

indices_without_indicators as (
    select
        'index_without_indicators' as reason,
        'def_indicators' as file,
        'index_code=' || indices.index_code as row_key,
        cast(null as string) as value
    from {{ ref('stg_indices') }} as indices
    left join {{ ref('stg_indicators') }} as indicators on indices.index_code = indicators.index_code
    where indicators.index_code is null
),

baseline_count as (
    select
        'baseline_not_one' as reason,
        'def_specs' as file,
        'is_baseline' as row_key,
        cast(count(*) as string) as value
    from {{ ref('stg_specs') }}
    where is_baseline
    having count(*) != 1
),

final as (
    select * from repeated_keys
    union all
    select * from series_in_two_files
    union all
    select * from blank_keys
    union all
    select * from empty_files
    union all
    select * from indices_without_indicators
    union all
    select * from baseline_count
)

select * from final
