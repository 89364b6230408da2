{#-
Exact additive contributions (macros/equations/score_contribution.sql) of the indicators to the gap
between two entities in the last year of the index: row 1 is the entity, row 0 the other. Where a distance is 0 the
logarithm does not exist and the pair is left out.
-#}
with

rows_compared as (
    select scored_parts.*
    from {{ ref('int_scored_parts') }} as scored_parts
    inner join {{ ref('stg_indices') }} as indices
        on scored_parts.index_code = indices.index_code and scored_parts.year = indices.last_year
),

compared as (
    select
        ones.index_code,
        ones.year,
        ones.entity_code,
        others.entity_code as other_entity_code,
        ones.indicator_code,
        ones.dimension_code,
        ones.aggregation,
        ones.ideal_part as ideal_part_1,
        ones.anti_ideal_part as anti_ideal_part_1,
        others.ideal_part as ideal_part_0,
        others.anti_ideal_part as anti_ideal_part_0,
        ones.value_part as value_part_1,
        others.value_part as value_part_0,
        ones.ideal as ideal_1,
        ones.anti_ideal as anti_ideal_1,
        others.ideal as ideal_0,
        others.anti_ideal as anti_ideal_0,
        ones.score as score_1,
        others.score as score_0
    from rows_compared as ones
    inner join rows_compared as others
        on
            ones.index_code = others.index_code
            and ones.year = others.year
            and ones.indicator_code = others.indicator_code
            and ones.entity_code != others.entity_code
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
        year,
        entity_code,
        other_entity_code,
        indicator_code,
        dimension_code,
        logit_contribution,
        {{ score_contribution() }} as score_contribution,
        score_1 - score_0 as score_difference
    from logit_contributions
)

select * from final
