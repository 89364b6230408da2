{# Exact additive contributions of the indicators to the difference between two rows 0 and 1, from a CTE `compared` with
   one row per pair and indicator: ideal_part_0, ideal_part_1 and anti_ideal_part_0, anti_ideal_part_1 (what the indicator
   adds to the squared distances b and a), their sums ideal_0 ... anti_ideal_1, and the scores C score_0 and score_1.
   With M the logarithmic mean:
       c_j = 1/2 [ (a1_j - a0_j) / M(a1, a0) - (b1_j - b0_j) / M(b1, b0) ],   sum_j c_j = logit C1 - logit C0
   In score units each c_j is times (C1 - C0) / (logit C1 - logit C0), at equality C (1 - C). Where a distance is 0 the
   logarithm does not exist and the row is left out. Logarithmic mean Divisia decomposition applied to a and b. #}
{% macro additive_contributions() -%}
logit_contributions as (
    select
        compared.*,
        0.5 * (
            (anti_ideal_part_1 - anti_ideal_part_0) / {{ log_mean('anti_ideal_1', 'anti_ideal_0') }}
            - (ideal_part_1 - ideal_part_0) / {{ log_mean('ideal_1', 'ideal_0') }}
        ) as logit_contribution,
        0.5 * (ln(anti_ideal_1 / nullif(ideal_1, 0)) - ln(anti_ideal_0 / nullif(ideal_0, 0))) as logit_change
    from compared
    where anti_ideal_1 > 0 and anti_ideal_0 > 0 and ideal_1 > 0 and ideal_0 > 0
),

contributions as (
    select
        logit_contributions.*,
        logit_contribution * case
            when abs(logit_change) < 1e-9 then score_1 * (1 - score_1)
            else (score_1 - score_0) / logit_change
        end as score_contribution,
        score_1 - score_0 as score_difference
    from logit_contributions
)
{%- endmacro %}

{# CTE `scored_parts`: what each indicator adds to the squared distances of a row, beside their sums and the score of the row. #}
{% macro scored_parts() -%}
scored_parts as (
    select
        parts.index_code,
        parts.dimension_code,
        parts.indicator_code,
        parts.entity_code,
        parts.year,
        parts.weight,
        parts.to_ideal as ideal_part,
        parts.to_anti_ideal as anti_ideal_part,
        distances.to_ideal as ideal,
        distances.to_anti_ideal as anti_ideal,
        {{ closeness('sqrt(distances.to_anti_ideal)', 'sqrt(distances.to_ideal)') }} as score
    from {{ ref('int_squared_parts') }} as parts
    inner join {{ ref('int_squared_distances') }} as distances
        on
            parts.index_code = distances.index_code
            and parts.entity_code = distances.entity_code
            and parts.year = distances.year
)
{%- endmacro %}
