{# What an indicator adds to the difference of two scores, by the aggregation of the baseline:
       topsis      its term of the difference of logits, in score units
       linear      w_j y1_j - w_j y0_j
       geometric   (w_j ln y1_j - w_j ln y0_j) M(C1, C0), M the logarithmic mean: logarithms add up, M turns them into scores
   Columns of the rows compared: aggregation, logit_contribution, logit_change, value_part_1, value_part_0, score_1, score_0. #}
{% macro score_contribution() -%}
    case aggregation
        when 'linear' then value_part_1 - value_part_0
        when 'geometric' then (value_part_1 - value_part_0) * {{ log_mean('score_1', 'score_0') }}
        else {{ in_score_units('logit_contribution', 'logit_change', 'score_1', 'score_0') }}
    end
{%- endmacro %}

{# Whether two rows can be compared: the distances of TOPSIS are above 0, so that their logarithms exist. #}
{% macro is_comparable() -%}
    (anti_ideal_1 > 0 and anti_ideal_0 > 0 and ideal_1 > 0 and ideal_0 > 0)
    or aggregation in ('linear', 'geometric')
{%- endmacro %}
