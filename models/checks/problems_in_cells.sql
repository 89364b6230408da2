{#-
Cells of the def_ and pub_ files that would be read as blank because they are not what their column holds, and rows of the
pub_ files that stand twice or have no key, one row per finding. The text of the files is read, not the staged columns.
The staged files come first, so that a column that is missing is said once.
-#}
-- depends_on: {{ ref('stg_groups') }}, {{ ref('stg_entities') }}, {{ ref('stg_dimensions') }}
-- depends_on: {{ ref('stg_indicators') }}, {{ ref('stg_variables') }}, {{ ref('stg_specs') }}
with

groups as (
    {{ study_file(ref('def_groups'), ['group_code'], ['sort_order']) }}
),

entities as (
    {{ study_file(
        ref('def_entities'), ['entity_code'], ['tile_row', 'tile_column', 'left_out'], variable='NQP_ENTITIES'
    ) }}
),

dimensions as (
    {{ study_file(ref('def_dimensions'), ['index_code', 'dimension_code'], ['sort_order']) }}
),

indicators as (
    {{ study_file(ref('def_indicators'), ['index_code', 'indicator_code'], ['sort_order']) }}
),

variables as (
    {{ study_file(ref('def_variables'), ['variable_code'], ['sort_order']) }}
),

specs as (
    {{ study_file(ref('def_specs'), ['spec_code', 'is_baseline'], ['is_wrong']) }}
),

orders as (
    select 'def_groups' as file, 'group_code=' || group_code as row_key, 'sort_order' as column_name, sort_order as cell
    from groups
    union all
    select 'def_entities' as file, 'entity_code=' || entity_code as row_key, 'tile_row' as column_name, tile_row as cell
    from entities
    union all
    select
        'def_entities' as file, 'entity_code=' || entity_code as row_key, 'tile_column' as column_name,
        tile_column as cell
    from entities
    union all
    select
        'def_dimensions' as file, 'dimension_code=' || dimension_code as row_key, 'sort_order' as column_name,
        sort_order as cell
    from dimensions
    union all
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, 'sort_order' as column_name,
        sort_order as cell
    from indicators
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, 'sort_order' as column_name,
        sort_order as cell
    from variables
),

invalid_orders as (
    select
        'order_not_allowed' as reason,
        file,
        row_key,
        column_name,
        cell as value,
        cast(null as string) as allowed
    from orders
    where cell is not null and {{ whole_number('cell') }} is null
),

answers as (
    select 'def_specs' as file, 'spec_code=' || spec_code as row_key, 'is_baseline' as column_name, is_baseline as cell
    from specs
    union all
    select 'def_specs' as file, 'spec_code=' || spec_code as row_key, 'is_wrong' as column_name, is_wrong as cell
    from specs
    union all
    select 'def_entities' as file, 'entity_code=' || entity_code as row_key, 'left_out' as column_name, left_out as cell
    from entities
),

invalid_answers as (
    select
        'word_not_allowed' as reason,
        file,
        row_key,
        column_name,
        cell as value,
        'true, false, yes, no, 1, 0' as allowed
    from answers
    where cell is not null and lower(cell) not in ('true', 'false', 'yes', 'no', '1', '0')
),

invalid_kinds as (
    select
        'word_not_allowed' as reason,
        'pub_descriptives' as file,
        'variable_code=' || variable_code as row_key,
        'kind' as column_name,
        kind as value,
        'count, dummy' as allowed
    from {{ ref('published_descriptives') }}
    where kind not in ('count', 'dummy')
),

printed_cells as (
    select
        'pub_coefficients' as file,
        'table_code=' || coalesce(table_code, '') || ', model_code=' || coalesce(model_code, '') || ', term='
        || coalesce(term, '') as row_key,
        'estimate' as column_name,
        estimate as cell
    from {{ ref('published_coefficients') }}
    union all
    select
        'pub_coefficients' as file,
        'table_code=' || coalesce(table_code, '') || ', model_code=' || coalesce(model_code, '') || ', term='
        || coalesce(term, '') as row_key,
        'std_error' as column_name,
        std_error as cell
    from {{ ref('published_coefficients') }}
    union all
    select
        'pub_statistics' as file,
        'table_code=' || coalesce(table_code, '') || ', model_code=' || coalesce(model_code, '') || ', statistic='
        || coalesce(statistic, '') as row_key,
        'printed_value' as column_name,
        printed_value as cell
    from {{ ref('published_statistics') }}
    where
        statistic in ('r2', 'adj_r2', 'share', 'anderson_lm', 'anderson_lm_p', 'cragg_donald_f')
        or substr(statistic, 1, 2) = 'n_' or substr(statistic, 1, 11) = 'stock_yogo_'
    union all
    select 'pub_descriptives' as file, 'variable_code=' || variable_code as row_key, 'obs' as column_name, obs as cell
    from {{ ref('published_descriptives') }}
    union all
    select 'pub_descriptives' as file, 'variable_code=' || variable_code as row_key, 'mean' as column_name, mean as cell
    from {{ ref('published_descriptives') }}
    union all
    select
        'pub_descriptives' as file, 'variable_code=' || variable_code as row_key, 'std_dev' as column_name,
        std_dev as cell
    from {{ ref('published_descriptives') }}
    union all
    select 'pub_descriptives' as file, 'variable_code=' || variable_code as row_key, 'min' as column_name, min as cell
    from {{ ref('published_descriptives') }}
    union all
    select 'pub_descriptives' as file, 'variable_code=' || variable_code as row_key, 'max' as column_name, max as cell
    from {{ ref('published_descriptives') }}
    union all
    -- what the shares add up to stands before of what they are shares
    select
        'pub_descriptives' as file, 'variable_code=' || variable_code as row_key, 'share_of' as column_name,
        split_part(share_of, ' ', 1) as cell
    from {{ ref('published_descriptives') }}
),

-- Other statistics are words. A cell that shows a number holds a digit, no letter and at most one decimal point; stars,
-- brackets and signs may stand around it.
unreadable_cells as (
    select
        'printed_cell_unreadable' as reason,
        file,
        row_key,
        column_name,
        cell as value,
        cast(null as string) as allowed
    from printed_cells
    where
        translate(cell, '0123456789０１２３４５６７８９', '') = cell
        or lower(replace(cell, 'e-', '')) != upper(replace(cell, 'e-', ''))
        or length(translate(cell, '.．', '')) < length(cell) - 1
),

printed_keys as (
    select
        'pub_coefficients' as file,
        'table_code=' || table_code || ', model_code=' || model_code || ', equation=' || coalesce(equation, 'main')
        || ', term=' || term as row_key
    from {{ ref('published_coefficients') }}
    union all
    select
        'pub_statistics' as file,
        'table_code=' || coalesce(table_code, '') || ', model_code=' || coalesce(model_code, '') || ', statistic='
        || statistic as row_key
    from {{ ref('published_statistics') }}
    union all
    select 'pub_descriptives' as file, 'variable_code=' || variable_code as row_key
    from {{ ref('published_descriptives') }}
    union all
    select
        'pub_explanations' as file,
        'table_code=' || coalesce(table_code, '') || ', panel_code=' || coalesce(panel_code, '') || ', model_code='
        || coalesce(model_code, '') || ', term=' || coalesce(term, '') || ', statistic='
        || coalesce(statistic, '') as row_key
    from {{ ref('published_explanations') }}
),

repeated_keys as (
    select
        case when row_key is null then 'key_blank' else 'key_repeated' end as reason,
        file,
        row_key,
        cast(null as string) as column_name,
        cast(count(*) as string) as value,
        cast(null as string) as allowed
    from printed_keys
    group by file, row_key
    having count(*) > 1 or row_key is null
),

final as (
    select * from invalid_orders
    union all
    select * from invalid_answers
    union all
    select * from invalid_kinds
    union all
    select * from unreadable_cells
    union all
    select * from repeated_keys
)

select * from final
