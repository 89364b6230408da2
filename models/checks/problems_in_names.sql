{#-
Codes that cannot be column names, or would name one column twice, one row per finding.
-#}
with

column_names as (
    select 'def_indices' as file, 'index_code=' || index_code as row_key, index_code as code, index_code as column_name
    from {{ ref('stg_indices') }}
    union all
    select
        'def_dimensions' as file, 'dimension_code=' || dimension_code as row_key, dimension_code as code,
        index_code || '_' || dimension_code as column_name
    from {{ ref('stg_dimensions') }}
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, variable_code as code,
        variable_code as column_name
    from {{ ref('stg_variables') }}
    union all
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, indicator_code as code,
        index_code || '.' || indicator_code as column_name
    from {{ ref('stg_indicators') }}
),

unusable_codes as (
    select
        file,
        row_key,
        'cannot be a column name. Use a lower-case letter first, then lower-case letters, digits and _.' as problem
    from column_names
    where not {{ matches_code('code') }}
),

names as (
    select file, row_key, column_name from column_names
    union all
    select 'regression_panel' as file, 'its own columns' as row_key, 'entity_code' as column_name
    union all
    select 'regression_panel' as file, 'its own columns' as row_key, 'year' as column_name
    union all
    select 'regression_panel' as file, 'its own columns' as row_key, 'name_zh' as column_name
    union all
    select 'regression_panel' as file, 'its own columns' as row_key, 'name_en' as column_name
    union all
    select 'regression_panel' as file, 'its own columns' as row_key, 'constant' as column_name
    union all
    select 'regression_panel' as file, 'its own columns' as row_key, 'group_code' as column_name
),

colliding_codes as (
    select
        min(file) as file,
        min(row_key) as row_key,
        'would name the column ' || column_name || ' a second time in regression_panel. Rename one of them.' as problem
    from names
    group by column_name
    having count(*) > 1 and count(distinct file || row_key) > 1
),

final as (
    select * from unusable_codes
    union all
    select * from colliding_codes
)

select * from final
