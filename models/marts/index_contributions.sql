{#-
Exact additive contributions (macros/additive_contributions.sql has the equation) of the indicators to the difference
between a row and the midpoint (every z = 1/2, where C = 1/2), or the same entity in the year before.
-#}
with

parts as (
    select * from {{ ref('int_squared_parts') }}
),

distances as (
    select
        index_code,
        entity_code,
        year,
        to_ideal,
        to_anti_ideal,
        sqrt(to_anti_ideal) / nullif(sqrt(to_anti_ideal) + sqrt(to_ideal), 0) as score
    from {{ ref('int_squared_distances') }}
),

midpoints as (
    select
        index_code,
        sum(weight * weight) / 4 as to_either
    from {{ ref('int_entropy_weights') }}
    group by index_code
),

against_midpoint as (
    select
        parts.index_code,
        parts.dimension_code,
        parts.indicator_code,
        parts.entity_code,
        parts.year,
        'midpoint' as reference,
        parts.to_ideal as ideal_part_1,
        parts.to_anti_ideal as anti_ideal_part_1,
        parts.weight * parts.weight / 4 as ideal_part_0,
        parts.weight * parts.weight / 4 as anti_ideal_part_0,
        distances.to_ideal as ideal_1,
        distances.to_anti_ideal as anti_ideal_1,
        midpoints.to_either as ideal_0,
        midpoints.to_either as anti_ideal_0,
        distances.score as score_1,
        cast(0.5 as double) as score_0
    from parts
    inner join distances
        on
            parts.index_code = distances.index_code
            and parts.entity_code = distances.entity_code
            and parts.year = distances.year
    inner join midpoints on parts.index_code = midpoints.index_code
),

against_previous_year as (
    select
        later.index_code,
        later.dimension_code,
        later.indicator_code,
        later.entity_code,
        later.year,
        'previous year' as reference,
        later.ideal_part_1,
        later.anti_ideal_part_1,
        earlier.ideal_part_1 as ideal_part_0,
        earlier.anti_ideal_part_1 as anti_ideal_part_0,
        later.ideal_1,
        later.anti_ideal_1,
        earlier.ideal_1 as ideal_0,
        earlier.anti_ideal_1 as anti_ideal_0,
        later.score_1,
        earlier.score_1 as score_0
    from against_midpoint as later
    inner join against_midpoint as earlier
        on
            later.index_code = earlier.index_code
            and later.indicator_code = earlier.indicator_code
            and later.entity_code = earlier.entity_code
            and later.year = earlier.year + 1
),

compared as (
    select * from against_midpoint
    union all
    select * from against_previous_year
),

{{ additive_contributions() }},

final as (
    select
        index_code,
        entity_code,
        year,
        indicator_code,
        reference,
        dimension_code,
        logit_contribution,
        score_contribution,
        score_difference
    from contributions
)

select * from final
