{# What an indicator adds to the difference of logit scores between two rows 0 and 1 (logarithmic mean Divisia decomposition):
       c_j = 1/2 [ (a1_j - a0_j) / M(a1, a0) - (b1_j - b0_j) / M(b1, b0) ],   sum_j c_j = logit C1 - logit C0
   with M the logarithmic mean, a_j and b_j the parts of the squared distances to the anti-ideal and to the ideal (the columns
   anti_ideal_part_0, anti_ideal_part_1, ideal_part_0, ideal_part_1) and a, b their sums (anti_ideal_0 ... ideal_1). #}
{% macro logit_contribution() -%}
    0.5 * (
        (anti_ideal_part_1 - anti_ideal_part_0) / {{ log_mean('anti_ideal_1', 'anti_ideal_0') }}
        - (ideal_part_1 - ideal_part_0) / {{ log_mean('ideal_1', 'ideal_0') }}
    )
{%- endmacro %}
