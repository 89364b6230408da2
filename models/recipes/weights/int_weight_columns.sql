{#- Every set of weights that a valid way of building the index needs, and the columns it weighs. -#}
with

weightings as (
    select distinct
        weight_key,
        basis_key,
        normalization,
        range_low,
        range_high,
        shift,
        shift_in_entropy,
        shift_of_proportions,
        shift_in_logarithm,
        pool,
        weighting,
        divisor,
        left_out
    from {{ ref('int_specs') }}
    where is_valid
),

scopes as (
    select 'none' as left_out, index_code from {{ ref('stg_indices') }}
    union all
    select indicator_code as left_out, index_code from {{ ref('stg_indicators') }}
),

final as (
    select
        weightings.weight_key,
        weightings.basis_key,
        weightings.weighting,
        weightings.range_low,
        weightings.range_high,
        weightings.shift,
        weightings.shift_in_entropy,
        weightings.shift_of_proportions,
        weightings.shift_in_logarithm,
        weightings.divisor,
        weightings.left_out,
        pool_columns.pool,
        pool_columns.pool_code,
        pool_columns.index_code,
        pool_columns.indicator_code,
        pool_columns.indicator_key,
        pool_columns.column_key,
        pool_columns.is_constant,
        pool_columns.is_unturned,
        case weightings.divisor
            when 'ln_rows' then pool_columns.pool_row_count
            when 'ln_years' then pool_columns.year_count
            when 'ln_entities' then pool_columns.entity_count
        end as divisor_count
    from weightings
    inner join scopes on weightings.left_out = scopes.left_out
    inner join {{ ref('int_pool_columns') }} as pool_columns
        on
            weightings.normalization = pool_columns.normalization
            and weightings.pool = pool_columns.pool
            and scopes.index_code = pool_columns.index_code
            and weightings.left_out != pool_columns.indicator_code
)

select * from final
