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
        'code_is_no_column_name' as reason,
        file,
        row_key,
        code as value
    from column_names
    where not {{ matches_code('code') }}
),

-- The panel's own columns come from no file.
names as (
    select file, row_key, column_name from column_names
    union all
    select cast(null as string) as file, cast(null as string) as row_key, own.column_name
    from (
        select 'entity_code' as column_name
        union all
        select 'year'
        union all
        select 'name_zh'
        union all
        select 'name_en'
        union all
        select 'constant'
        union all
        select 'group_code'
        union all
        select 'is_imputed'
    ) as own
),

colliding_codes as (
    select
        'column_name_taken' as reason,
        min(file) as file,
        min(row_key) as row_key,
        column_name as value
    from names
    group by column_name
    having count(*) > 1 and count(distinct coalesce(file || row_key, '')) > 1
),

final as (
    select * from unusable_codes
    union all
    select * from colliding_codes
)

select * from final
