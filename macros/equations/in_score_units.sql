{# A contribution to the difference of logits as one to the difference of scores: times (C1 - C0) / (logit C1 - logit C0), at
   equality C (1 - C). #}
{% macro in_score_units(contribution, change, score_1, score_0) -%}
    {{ contribution }} * case
        when abs({{ change }}) < 1e-9 then {{ score_1 }} * (1 - {{ score_1 }})
        else ({{ score_1 }} - {{ score_0 }}) / {{ change }}
    end
{%- endmacro %}
