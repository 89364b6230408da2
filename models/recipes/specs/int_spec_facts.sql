{#-
What the figures say about a normalization, a pool and the indicators that are kept: the smallest normalized and original
value, the least number of indicators that vary in a pool, and the least contrast, which is how far from 1 the correlation
of the two least alike indicators of a pool is. An index takes part if it holds the indicator that is left out, and one that is
built in no other way only for the baseline.
-#}
with

pool_columns as (
    select * from {{ ref('int_pool_columns') }}
),

lowest as (
    select
        column_key,
        min(normalized_value) as lowest_value
    from {{ ref('int_pool_values') }}
    group by column_key
),

scopes as (
    select 'none' as left_out, index_code from {{ ref('stg_indices') }}
    union all
    select indicator_code as left_out, index_code from {{ ref('stg_indicators') }}
),

kept as (
    select
        scopes.left_out,
        pool_columns.normalization,
        pool_columns.pool,
        pool_columns.index_code,
        pool_columns.pool_code,
        max(cast(pool_columns.has_recipes as integer)) = 1 as has_recipes,
        min(pool_columns.year_count) as year_count,
        min(pool_columns.entity_count) as entity_count,
        min(case when scopes.left_out != pool_columns.indicator_code then lowest.lowest_value end) as lowest_value,
        min(case when scopes.left_out != pool_columns.indicator_code then pool_columns.minimum end) as lowest_raw_value,
        sum(
            case when scopes.left_out != pool_columns.indicator_code and not pool_columns.is_constant then 1 else 0 end
        ) as varying_indicators
    from scopes
    inner join pool_columns on scopes.index_code = pool_columns.index_code
    inner join lowest on pool_columns.column_key = lowest.column_key
    group by
        scopes.left_out,
        pool_columns.normalization,
        pool_columns.pool,
        pool_columns.index_code,
        pool_columns.pool_code
),

contrasts as (
    select
        scopes.left_out,
        correlations.pool,
        correlations.index_code,
        correlations.pool_code,
        max(1 - correlations.correlation) as contrast
    from scopes
    inner join {{ ref('int_correlations') }} as correlations
        on
            scopes.index_code = correlations.index_code
            and scopes.left_out not in (correlations.indicator_code, correlations.other_indicator_code)
    group by scopes.left_out, correlations.pool, correlations.index_code, correlations.pool_code
),

readers as (
    select words.is_for_baseline
    from (values (true), (false)) as words (is_for_baseline)
),

final as (
    select
        readers.is_for_baseline,
        kept.left_out,
        kept.normalization,
        kept.pool,
        min(kept.year_count) as year_count,
        min(kept.entity_count) as entity_count,
        min(kept.lowest_value) as lowest_value,
        min(kept.lowest_raw_value) as lowest_raw_value,
        min(kept.varying_indicators) as varying_indicators,
        min(coalesce(contrasts.contrast, 0)) as contrast
    from kept
    inner join readers on readers.is_for_baseline or kept.has_recipes
    left join contrasts
        on
            kept.left_out = contrasts.left_out
            and kept.pool = contrasts.pool
            and kept.index_code = contrasts.index_code
            and kept.pool_code = contrasts.pool_code
    group by readers.is_for_baseline, kept.left_out, kept.normalization, kept.pool
)

select * from final
