{{ config(materialized='ephemeral') }}
{#-
    D+ = sqrt(sum_j (w_j (best_j - z_j))^2),   D- = sqrt(sum_j (w_j (z_j - worst_j))^2),   C = D- / (D+ + D-)
TOPSIS on the weighted matrix w z (Hwang and Yoon 1981), so that distances carry squared weights.
The ideal is the best weighted value of every indicator, the anti-ideal the worst: over all years, or year by year.
-#}
with

{{ gaps_to_ideals('topsis') }},

{{ topsis_scores(
    'gaps',
    ['spec_key', 'row_key'],
    to_ideal='weight * below_best * weight * below_best',
    to_anti_ideal='weight * above_worst * weight * above_worst',
) }}

select * from scores
