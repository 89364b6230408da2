{#-
What a normalization needs of an indicator, over the rows of its pool: all years, each year by itself, or the first year
of the index. The standard deviation divides by n - 1. A column is one normalization of one indicator in one pool.
base_year_bounds takes its bounds from the first year and everything after them from all rows; goalposts has the bounds that
the study gives. An unturned normalization is a mistake that is made for a study only that asks for it: it reads every
indicator as if more were better.
-#}
with

matrix as (
    select * from {{ ref('int_matrix') }}
),

candidates as (
    select * from {{ ref('int_spec_candidates') }}
),

pool_rows as (
    select 'all_years' as pool, 'all' as pool_code, matrix.* from matrix
    union all
    select 'per_year' as pool, cast(year as string) as pool_code, matrix.* from matrix
    union all
    select 'base_year' as pool, 'all' as pool_code, matrix.* from matrix
    where is_base_year
    union all
    select 'base_year_bounds' as pool, 'all' as pool_code, matrix.* from matrix
    where is_base_year
    union all
    select 'goalposts' as pool, 'all' as pool_code, matrix.* from matrix
    where held_value is not null
),

statistics as (
    select
        pool,
        pool_code,
        index_code,
        indicator_key,
        indicator_code,
        min(direction) as direction,
        max(cast(has_recipes as integer)) = 1 as has_recipes,
        cast(count(*) as double) as pool_row_count,
        min(case pool when 'goalposts' then goalpost_low else indicator_value end) as minimum,
        max(case pool when 'goalposts' then goalpost_high else indicator_value end) as maximum,
        avg(indicator_value) as mean,
        coalesce(stddev_samp(indicator_value), 0) as std_dev,
        sum(indicator_value) as total,
        sqrt(sum(indicator_value * indicator_value)) as norm,
        case pool
            when 'goalposts' then {{ is_constant('min(held_value)', 'max(held_value)') }}
            else {{ is_constant('min(indicator_value)', 'max(indicator_value)') }}
        end as is_constant
    from pool_rows
    group by pool, pool_code, index_code, indicator_key, indicator_code
),

pools as (
    select option_code as pool from {{ ref('stg_recipe_options') }}
    where choice = 'pool' and option_code in ('all_years', 'per_year', 'base_year')
    union
    select pool from candidates
),

normalizations as (
    select option_code as normalization from {{ ref('stg_recipe_options') }}
    where choice = 'normalization' and not is_wrong
    union
    select normalization from candidates
),

directions as (
    select max(case when direction = 'negative' then 1 else 0 end) = 1 as any_is_negative
    from matrix
    where has_recipes
),

index_sizes as (
    select
        index_code,
        cast(count(distinct year) as double) as year_count,
        cast(count(distinct entity_code) as double) as entity_count,
        cast(count(distinct row_key) as double) as row_count
    from matrix
    group by index_code
),

columns_of_pools as (
    select
        normalizations.normalization,
        position('_unturned' in normalizations.normalization) > 0 as is_unturned,
        index_sizes.year_count,
        index_sizes.entity_count,
        index_sizes.row_count,
        statistics.*
    from statistics
    inner join pools on statistics.pool = pools.pool
    cross join normalizations
    cross join directions
    inner join index_sizes on statistics.index_code = index_sizes.index_code
    where
        (position('_unturned' in normalizations.normalization) = 0 or directions.any_is_negative)
        and (statistics.pool != 'goalposts' or position('min_max' in normalizations.normalization) > 0)
),

final as (
    select
        cast(
            row_number() over (order by normalization, pool, pool_code, indicator_key) as integer
        ) as column_key,
        normalization,
        is_unturned,
        year_count,
        entity_count,
        pool,
        pool_code,
        index_code,
        indicator_key,
        indicator_code,
        has_recipes,
        case when is_unturned then 'positive' else direction end as direction,
        case pool when 'base_year_bounds' then row_count else pool_row_count end as pool_row_count,
        minimum,
        maximum,
        mean,
        std_dev,
        total,
        norm,
        is_constant
    from columns_of_pools
)

select * from final
