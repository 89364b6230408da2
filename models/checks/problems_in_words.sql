{#-
Words in the def_ files that are not one of the allowed, and numbers that are none, one row per finding.
-#}
with

chosen_words as (
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, 'direction' as used_as,
        direction as word, 'positive, negative' as allowed
    from {{ ref('stg_indicators') }}
    union all
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, 'closeness' as used_as,
        closeness as word, 'A, B, C' as allowed
    from {{ ref('stg_indicators') }}
    where closeness is not null
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, 'closeness' as used_as,
        closeness as word, 'A, B, C' as allowed
    from {{ ref('stg_variables') }}
    where closeness is not null
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, 'role' as used_as,
        role as word, 'outcome, core, control, reference' as allowed
    from {{ ref('stg_variables') }}
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, 'transform' as used_as,
        transform as word, 'level, log' as allowed
    from {{ ref('stg_variables') }}
    union all
    select
        'def_derived_series' as file, 'series_code=' || series_code as row_key, 'operation' as used_as,
        operation as word, 'sum, ratio, product, chain, splice' as allowed
    from {{ ref('stg_derived_series') }}
    union all
    select
        'def_derived_series' as file, 'series_code=' || series_code as row_key, 'step' as used_as,
        step_text as word, '1, 2' as allowed
    from {{ ref('stg_derived_series') }}
    where step_text is not null
    union all
    select
        'def_specs' as file, 'spec_code=' || spec_code as row_key,
        'normalization, shift, pool, weighting, aggregation, ideal, divisor' as used_as,
        normalization || ' ' || shift || ' ' || pool || ' ' || weighting || ' ' || aggregation || ' ' || ideal
        || ' ' || divisor as word,
        'min_max 0 all_years entropy topsis pooled ln_rows' as allowed
    from {{ ref('stg_specs') }}
),

blank_texts as (
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key,
        'unit is blank. Say in what unit the indicator is.' as problem
    from {{ ref('stg_indicators') }}
    where unit_en is null
    union all
    select
        'def_series' as file, 'series_code=' || series_code as row_key,
        'unit or source is blank. Say in what unit the series is and where it comes from.' as problem
    from {{ ref('stg_series') }}
    where unit is null or source is null
),

unknown_words as (
    select
        file,
        row_key,
        used_as || ' is ''' || coalesce(word, '') || '''. Allowed: ' || allowed || '.' as problem
    from chosen_words
    where word is null or position(',' in word) > 0 or position(', ' || word || ',' in ', ' || allowed || ',') = 0
),

numbers as (
    select
        'def_indicators' as file, 'indicator_code=' || indicator_code as row_key, 'multiplier' as used_as,
        multiplier_text as number_text, coalesce(multiplier, 0) != 0 as is_valid
    from {{ ref('stg_indicators') }}
    union all
    select
        'def_variables' as file, 'variable_code=' || variable_code as row_key, 'multiplier' as used_as,
        multiplier_text as number_text, coalesce(multiplier, 0) != 0 as is_valid
    from {{ ref('stg_variables') }}
    union all
    select
        'def_derived_series' as file, 'series_code=' || series_code as row_key, 'multiplier' as used_as,
        multiplier_text as number_text, coalesce(multiplier, 0) != 0 as is_valid
    from {{ ref('stg_derived_series') }}
    union all
    select
        'def_derived_series' as file, 'series_code=' || series_code as row_key, 'base_year' as used_as,
        base_year_text as number_text, base_year is not null as is_valid
    from {{ ref('stg_derived_series') }}
    where operation in ('chain', 'splice')
    union all
    select
        'def_indices' as file, 'index_code=' || index_code as row_key, 'first_year' as used_as,
        first_year_text as number_text, coalesce(first_year <= last_year, false) as is_valid
    from {{ ref('stg_indices') }}
    union all
    select
        'def_indices' as file, 'index_code=' || index_code as row_key, 'last_year' as used_as,
        last_year_text as number_text, last_year is not null as is_valid
    from {{ ref('stg_indices') }}
),

invalid_numbers as (
    select
        file,
        row_key,
        used_as || ' is ''' || coalesce(number_text, '')
        || '''. Write a plain number: a multiplier is not 0, a year is whole, first_year is not after last_year.'
            as problem
    from numbers
    where not is_valid
),

final as (
    select * from blank_texts
    union all
    select * from unknown_words
    union all
    select * from invalid_numbers
)

select * from final
