{{ config(materialized='ephemeral') }}
{#-
    D+ = sqrt(sum_j w_j (best_j - z_j)^2),   D- = sqrt(sum_j w_j (z_j - worst_j)^2),   C = D- / (D+ + D-)
TOPSIS with weighted Euclidean distances: the weight stands once, inside the root (Deng, Yeh and Willis 2000).
The ideal is the best weighted value of every indicator, the anti-ideal the worst: over all years, or year by year.
-#}
with

{{ gaps_to_ideals('topsis_w_once') }},

{{ topsis_scores(
    'gaps',
    ['spec_key', 'row_key'],
    to_ideal='weight * below_best * below_best',
    to_anti_ideal='weight * above_worst * above_worst',
) }}

select * from scores
