{#-
What a normalization needs of an indicator, over the rows of its pool: all years, each year by itself, or the first year
of the index. The standard deviation divides by n - 1. A column is one normalization of one indicator in one pool.
-#}
with

matrix as (
    select * from {{ ref('int_matrix') }}
),

pool_rows as (
    select 'all_years' as pool, 'all' as pool_code, matrix.* from matrix
    union all
    select 'per_year' as pool, cast(year as string) as pool_code, matrix.* from matrix
    union all
    select 'base_year' as pool, 'all' as pool_code, matrix.* from matrix
    where is_base_year
),

statistics as (
    select
        pool,
        pool_code,
        index_code,
        indicator_key,
        indicator_code,
        min(direction) as direction,
        cast(count(*) as double) as pool_row_count,
        min(indicator_value) as minimum,
        max(indicator_value) as maximum,
        avg(indicator_value) as mean,
        coalesce(stddev_samp(indicator_value), 0) as std_dev,
        sum(indicator_value) as total,
        sqrt(sum(indicator_value * indicator_value)) as norm,
        {{ is_constant('min(indicator_value)', 'max(indicator_value)') }} as is_constant
    from pool_rows
    group by pool, pool_code, index_code, indicator_key, indicator_code
),

normalizations as (
    select option_code as normalization from {{ ref('stg_recipe_options') }}
    where choice = 'normalization'
),

index_sizes as (
    select
        index_code,
        cast(count(distinct year) as double) as year_count,
        cast(count(distinct entity_code) as double) as entity_count
    from matrix
    group by index_code
),

final as (
    select
        cast(
            row_number() over (
                order by normalizations.normalization, statistics.pool, statistics.pool_code, statistics.indicator_key
            ) as integer
        ) as column_key,
        normalizations.normalization,
        index_sizes.year_count,
        index_sizes.entity_count,
        statistics.*
    from statistics
    cross join normalizations
    inner join index_sizes on statistics.index_code = index_sizes.index_code
)

select * from final
