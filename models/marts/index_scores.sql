{#-
    C = sqrt(a) / (sqrt(a) + sqrt(b)),   a, b the squared distances to the anti-ideal and to the ideal
Rank 1 is the highest score of a year.
-#}
with

baseline as (
    select spec_code from {{ ref('stg_specs') }}
    where is_baseline
),

distances as (
    select
        index_code,
        entity_code,
        year,
        sqrt(to_ideal) as distance_to_ideal,
        sqrt(to_anti_ideal) as distance_to_anti_ideal
    from {{ ref('int_squared_distances') }}
),

scores as (
    select
        distances.*,
        distance_to_anti_ideal / nullif(distance_to_anti_ideal + distance_to_ideal, 0) as score
    from distances
),

ranked as (
    select
        scores.*,
        cast(rank() over (partition by index_code, year order by score desc nulls last) as integer) as rank
    from scores
),

final as (
    select
        baseline.spec_code,
        ranked.*
    from ranked
    cross join baseline
)

select * from final
