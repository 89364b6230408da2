{{ config(materialized='table') }}
{#-
Every year that is observed or that an index covers, also one that is missing from the data for all entities, so that
a gap can be seen. A mistyped year (named by the checks) does not widen the span by more than a century beyond the index,
nor, without one, beyond the years from 1 to 9999.
-#}
with recursive

observed_span as (
    select
        min(first_year) as first_year,
        max(last_year) as last_year
    from {{ ref('int_series_extents') }}
),

index_span as (
    select
        min(first_year) as first_year,
        max(last_year) as last_year
    from {{ ref('stg_indices') }}
),

span as (
    select
        -- Without an index its bounds are null, which least and greatest pass over.
        greatest(least(observed_span.first_year, index_span.first_year), index_span.first_year - 100, 1) as first_year,
        least(greatest(observed_span.last_year, index_span.last_year), index_span.last_year + 100, 9999) as last_year
    from observed_span
    cross join index_span
),

years as (
    select
        first_year as year,
        last_year
    from span
    union all
    select
        year + 1 as year,
        last_year
    from years
    where year < last_year
),

final as (
    select year from years
    where year is not null
)

select * from final
