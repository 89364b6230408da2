{#-
Words in the def_ files that are not one of the allowed, and numbers that are none, one row per finding.
-#}
with

chosen_words as (
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, 'direction' as column_name,
        direction as word, 'positive, negative, interval' as allowed
    from {{ ref('stg_indicators') }}
    union all
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, 'closeness' as column_name,
        closeness as word, 'A, B, C, D' as allowed
    from {{ ref('stg_indicators') }}
    where closeness is not null
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, 'closeness' as column_name,
        closeness as word, 'A, B, C, D' as allowed
    from {{ ref('stg_variables') }}
    where closeness is not null
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, 'role' as column_name,
        role as word, 'outcome, core, control, reference' as allowed
    from {{ ref('stg_variables') }}
    union all
    select
        'def_derived_series' as file, 'series_code=' || series_code as row_key, 'operation' as column_name,
        operation as word, 'sum, ratio, product, chain, deflate, splice' as allowed
    from {{ ref('stg_derived_series') }}
    union all
    select
        'def_derived_series' as file, 'series_code=' || series_code as row_key, 'step' as column_name,
        step_text as word, '1, 2' as allowed
    from {{ ref('stg_derived_series') }}
    where step_text is not null
    union all
    select
        'def_series' as file, 'series_code=' || series_code as row_key, 'impute' as column_name,
        case when impute is null or (impute = 'carry' and carried_years is null) then impute_text else 'linear' end
            as word,
        'linear, zero, carry 1, carry 2 ...' as allowed
    from {{ ref('stg_series') }}
    where impute_text is not null
    union all
    select
        'def_indices' as file, 'index_code=' || index_code as row_key, 'missing' as column_name,
        missing as word,
        -- the rows that an index is to leave out are left out as incomplete ones are
        case when without_rows is null then 'stop, ' else '' end || 'drop rows, drop entities' as allowed
    from {{ ref('stg_indices') }}
    union all
    select
        'def_indices' as file, 'index_code=' || index_code as row_key, 'recipes' as column_name,
        recipes as word, 'all, none' as allowed
    from {{ ref('stg_indices') }}
    union all
    select
        'def_jumps' as file, 'series_code=' || series_code as row_key, 'verdict' as column_name,
        verdict as word, 'printed, doubtful' as allowed
    from {{ ref('stg_jumps') }}
    union all
    select
        'def_agreements' as file, 'other_code=' || other_code as row_key, 'is_better' as column_name,
        lower(is_better_text) as word, 'true, false, yes, no, 1, 0' as allowed
    from {{ ref('stg_agreements') }}
    where is_better_text is not null
),

blank_texts as (
    select
        'unit_blank' as reason, 'def_indicators' as file, 'indicator_code=' || indicator_code as row_key
    from {{ ref('stg_indicators') }}
    where unit_en is null
    union all
    select
        'unit_or_source_blank' as reason, 'def_series' as file, 'series_code=' || series_code as row_key
    from {{ ref('stg_series') }}
    where is_declared and (unit is null or source is null)
),

unknown_words as (
    select
        'word_not_allowed' as reason,
        file,
        row_key,
        column_name,
        word as value,
        allowed
    from chosen_words
    where word is null or position(',' in word) > 0 or position(', ' || word || ',' in ', ' || allowed || ',') = 0
),

spec_cells as (
    select * from {{ ref('stg_spec_cells') }}
),

spec_options as (
    select choice, option_code from {{ ref('stg_recipe_options') }}
    union
    select 'left_out' as choice, indicator_code as option_code from {{ ref('stg_indicators') }}
),

-- A cell is a list a|b: it has as many known words as it has parts, or some part is unknown or stands twice.
unknown_options as (
    select
        case spec_cells.choice
            when 'left_out' then 'left_out_not_allowed'
            when 'shift' then 'shift_not_allowed'
            when 'rescaling' then 'range_not_allowed'
            when 'entropy_shift' then 'entropy_shift_not_allowed'
            else 'option_not_allowed'
        end as reason,
        'def_specs' as file,
        'spec_code=' || spec_cells.spec_code as row_key,
        spec_cells.choice as column_name,
        spec_cells.cell as value,
        cast(null as string) as allowed
    from spec_cells
    left join spec_options
        on
            spec_cells.choice = spec_options.choice
            and position('|' || spec_options.option_code || '|' in '|' || spec_cells.cell || '|') > 0
    group by spec_cells.spec_code, spec_cells.choice, spec_cells.cell
    having
        spec_cells.cell is null
        or count(spec_options.option_code) != length(spec_cells.cell) - length(replace(spec_cells.cell, '|', '')) + 1
),

-- The baseline is one recipe, not known to be wrong, of every indicator; where another than the classical one is left
-- out of the build, there would be no scores.
baselines as (
    select
        case
            when is_design then 'baseline_is_design'
            when is_wrong then 'baseline_is_wrong'
            when left_out != 'none' then 'baseline_leaves_out'
            when not is_classical and {{ 'true' if leaves_recipes_out() else 'false' }}
                then 'baseline_left_out_of_build'
        end as reason,
        'def_specs' as file,
        'spec_code=' || spec_code as row_key
    from {{ ref('stg_specs') }}
    where is_baseline
),

other_baselines as (
    select * from baselines
    where reason is not null
),

numbers as (
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, 'multiplier' as column_name,
        multiplier_text as number_text, coalesce(multiplier, 0) != 0 as is_valid
    from {{ ref('stg_indicators') }}
    union all
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, 'goalpost_low' as column_name,
        coalesce(goalpost_low_text, '(blank)') as number_text,
        coalesce(goalpost_low < coalesce(goalpost_high, goalpost_low + 1), false) as is_valid
    from {{ ref('stg_indicators') }}
    where coalesce(goalpost_low_text, goalpost_high_text) is not null
    union all
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, 'goalpost_high' as column_name,
        coalesce(goalpost_high_text, '(blank)') as number_text, goalpost_high is not null as is_valid
    from {{ ref('stg_indicators') }}
    where coalesce(goalpost_low_text, goalpost_high_text) is not null
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, 'multiplier' as column_name,
        multiplier_text as number_text, coalesce(multiplier, 0) != 0 as is_valid
    from {{ ref('stg_variables') }}
    union all
    select
        'def_derived_series' as file, 'series_code=' || series_code as row_key, 'multiplier' as column_name,
        multiplier_text as number_text, coalesce(multiplier, 0) != 0 as is_valid
    from {{ ref('stg_derived_series') }}
    union all
    select
        'def_derived_series' as file, 'series_code=' || series_code as row_key, 'base_year' as column_name,
        base_year_text as number_text, base_year is not null as is_valid
    from {{ ref('stg_derived_series') }}
    where operation in ('chain', 'deflate', 'splice')
    union all
    select
        'def_indices' as file, 'index_code=' || index_code as row_key, 'first_year' as column_name,
        first_year_text as number_text, coalesce(first_year <= last_year, false) as is_valid
    from {{ ref('stg_indices') }}
    union all
    select
        'def_indices' as file, 'index_code=' || index_code as row_key, 'last_year' as column_name,
        last_year_text as number_text, last_year is not null as is_valid
    from {{ ref('stg_indices') }}
    union all
    select
        'def_indices' as file, 'index_code=' || index_code as row_key, 'winsorise' as column_name,
        winsorise_text as number_text, coalesce(winsorise > 0 and winsorise < 0.5, false) as is_valid
    from {{ ref('stg_indices') }}
    where winsorise_text is not null
    union all
    select
        'def_agreements' as file, 'other_code=' || other_code as row_key, 'multiplier' as column_name,
        multiplier_text as number_text, coalesce(multiplier, 0) != 0 as is_valid
    from {{ ref('stg_agreements') }}
    union all
    select
        'def_totals' as file, 'series_code=' || series_code as row_key, 'year' as column_name,
        year_text as number_text, year is not null as is_valid
    from {{ ref('stg_totals') }}
    union all
    select
        'def_totals' as file, 'series_code=' || series_code as row_key, 'total' as column_name,
        total_text as number_text, total is not null as is_valid
    from {{ ref('stg_totals') }}
    union all
    select
        'def_totals' as file, 'series_code=' || series_code as row_key, 'rounding' as column_name,
        rounding_text as number_text, coalesce(rounding >= 0, false) as is_valid
    from {{ ref('stg_totals') }}
    union all
    select
        'def_totals' as file, 'series_code=' || series_code as row_key, 'least_share' as column_name,
        least_share_text as number_text, coalesce(least_share >= 0 and least_share <= 1, false) as is_valid
    from {{ ref('stg_totals') }}
    union all
    select
        'def_jumps' as file, 'series_code=' || series_code as row_key, 'year' as column_name,
        year_text as number_text, year is not null as is_valid
    from {{ ref('stg_jumps') }}
    where year_text is not null
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, 'first_year' as column_name,
        first_year_text as number_text,
        coalesce(first_year <= coalesce(last_year, first_year), false) as is_valid
    from {{ ref('stg_variables') }}
    where first_year_text is not null
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, 'last_year' as column_name,
        last_year_text as number_text, last_year is not null as is_valid
    from {{ ref('stg_variables') }}
    where last_year_text is not null
),

invalid_numbers as (
    select
        'number_not_allowed' as reason,
        file,
        row_key,
        column_name,
        number_text as value,
        cast(null as string) as allowed
    from numbers
    where not is_valid
),

best_ranges as (
    select
        case when direction = 'interval' then 'best_range_not_allowed' else 'best_range_without_interval' end as reason,
        'def_indicators' as file,
        'indicator_code=' || indicator_code as row_key,
        'direction' as column_name,
        coalesce(best_low_text, '(blank)') || coalesce(' to ' || best_high_text, '') as value,
        cast(null as string) as allowed
    from {{ ref('stg_indicators') }}
    where
        case
            when direction = 'interval' then not coalesce(best_low <= best_high, false)
            else coalesce(best_low_text, best_high_text) is not null
        end
),

whole_rows as (
    select * from blank_texts
    union all
    select * from other_baselines
),

final as (
    select
        reason, file, row_key,
        cast(null as string) as column_name, cast(null as string) as value, cast(null as string) as allowed
    from whole_rows
    union all
    select * from unknown_words
    union all
    select * from unknown_options
    union all
    select * from invalid_numbers
    union all
    select * from best_ranges
)

select * from final
