{#-
What is wrong with the transforms of the variables and with the list of entity-years where dummies are 1, one row per finding.
-#}
with

variables as (
    select * from {{ ref('stg_variables') }}
),

dummies as (
    select * from {{ ref('stg_dummies') }}
),

known_words as (
    select {{ joined_text('transform', ', ', 'step, transform') }} as allowed
    from {{ ref('stg_transforms') }}
),

unknown_transforms as (
    select
        'transform_not_allowed' as reason,
        'def_variables' as file,
        'variable_code=' || variables.variable_code as row_key,
        'transform' as column_name,
        variables.transform as value,
        known_words.allowed
    from variables
    cross join known_words
    where not variables.is_transform_known
),

dummies_with_series as (
    select
        'dummy_with_series' as reason,
        'def_variables' as file,
        'variable_code=' || variable_code as row_key,
        'numerator_series' as column_name,
        coalesce(numerator_series, denominator_series) as value,
        cast(null as string) as allowed
    from variables
    where first_transform = 'dummy' and coalesce(numerator_series, denominator_series) is not null
),

dummies_without_rows as (
    select
        'dummy_without_rows' as reason,
        'def_variables' as file,
        'variable_code=' || variables.variable_code as row_key,
        'transform' as column_name,
        cast(null as string) as value,
        cast(null as string) as allowed
    from variables
    left join dummies on variables.variable_code = dummies.variable_code
    where variables.first_transform = 'dummy' and dummies.variable_code is null
),

listed as (
    select
        dummies.*,
        'variable_code=' || coalesce(dummies.variable_code, '(blank)') || ', entity_code='
        || coalesce(dummies.entity_code, '(blank)') as row_key,
        variables.variable_code is not null as is_dummy,
        entities.entity_code is not null as is_entity
    from dummies
    left join variables on dummies.variable_code = variables.variable_code and variables.first_transform = 'dummy'
    left join {{ ref('stg_entities') }} as entities on dummies.entity_code = entities.entity_code
),

faults_of_lists as (
    select
        'unknown_dummy' as reason, row_key, 'variable_code' as column_name,
        coalesce(variable_code, '(blank)') as value
    from listed
    where not is_dummy
    union all
    select
        'unknown_entity' as reason, row_key, 'entity_code' as column_name, coalesce(entity_code, '(blank)') as value
    from listed
    where not is_entity
    union all
    select
        'number_not_allowed' as reason, row_key, 'first_year' as column_name,
        coalesce(first_year_text, '(blank)') as value
    from listed
    where not coalesce(first_year <= coalesce(last_year, first_year), false)
    union all
    select 'number_not_allowed' as reason, row_key, 'last_year' as column_name, last_year_text as value
    from listed
    where last_year_text is not null and last_year is null
),

final as (
    select * from unknown_transforms
    union all
    select * from dummies_with_series
    union all
    select * from dummies_without_rows
    union all
    select reason, 'def_dummies' as file, row_key, column_name, value, cast(null as string) as allowed
    from faults_of_lists
)

select * from final
