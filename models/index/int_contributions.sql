{#-
Exact additive contributions (macros/equations/score_contribution.sql) of the indicators to the difference between a row and the
midpoint (int_scored_parts), or the same entity in the year before. Where a distance is 0 the logarithm does not exist and the row
is left out.
-#}
with

scored_parts as (
    select * from {{ ref('int_scored_parts') }}
),

against_midpoint as (
    select
        index_code,
        dimension_code,
        indicator_code,
        entity_code,
        year,
        'midpoint' as reference,
        aggregation,
        ideal_part as ideal_part_1,
        anti_ideal_part as anti_ideal_part_1,
        middle_part as ideal_part_0,
        middle_part as anti_ideal_part_0,
        value_part as value_part_1,
        middle_value_part as value_part_0,
        ideal as ideal_1,
        anti_ideal as anti_ideal_1,
        middle as ideal_0,
        middle as anti_ideal_0,
        score as score_1,
        middle_score as score_0
    from scored_parts
),

against_previous_year as (
    select
        later.index_code,
        later.dimension_code,
        later.indicator_code,
        later.entity_code,
        later.year,
        'previous year' as reference,
        later.aggregation,
        later.ideal_part_1,
        later.anti_ideal_part_1,
        earlier.ideal_part_1 as ideal_part_0,
        earlier.anti_ideal_part_1 as anti_ideal_part_0,
        later.value_part_1,
        earlier.value_part_1 as value_part_0,
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
    where {{ is_comparable() }}
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
        {{ score_contribution() }} as score_contribution,
        score_1 - score_0 as score_difference
    from logit_contributions
)

select * from final
