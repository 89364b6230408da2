{#-
Exact additive contributions (macros/equations/logit_contribution.sql and in_score_units.sql) of the indicators to the
difference between a row and the midpoint (every z = 1/2, where C = 1/2), or the same entity in the year before. Where a
distance is 0 the logarithm does not exist and the row is left out.
-#}
with

scored_parts as (
    select * from {{ ref('int_scored_parts') }}
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
        scored_parts.index_code,
        scored_parts.dimension_code,
        scored_parts.indicator_code,
        scored_parts.entity_code,
        scored_parts.year,
        'midpoint' as reference,
        scored_parts.ideal_part as ideal_part_1,
        scored_parts.anti_ideal_part as anti_ideal_part_1,
        scored_parts.weight * scored_parts.weight / 4 as ideal_part_0,
        scored_parts.weight * scored_parts.weight / 4 as anti_ideal_part_0,
        scored_parts.ideal as ideal_1,
        scored_parts.anti_ideal as anti_ideal_1,
        midpoints.to_either as ideal_0,
        midpoints.to_either as anti_ideal_0,
        scored_parts.score as score_1,
        cast(0.5 as double) as score_0
    from scored_parts
    inner join midpoints on scored_parts.index_code = midpoints.index_code
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

logit_contributions as (
    select
        compared.*,
        {{ logit_contribution() }} as logit_contribution,
        {{ logit_change() }} as logit_change
    from compared
    where anti_ideal_1 > 0 and anti_ideal_0 > 0 and ideal_1 > 0 and ideal_0 > 0
),

final as (
    select
        index_code,
        entity_code,
        year,
        indicator_code,
        reference,
        dimension_code,
        logit_contribution,
        {{ in_score_units('logit_contribution', 'logit_change', 'score_1', 'score_0') }} as score_contribution,
        score_1 - score_0 as score_difference
    from logit_contributions
)

select * from final
