{# Spearman's correlation of two columns of ranks: the sums of whole and half numbers are exact, so equal orders give 1. #}
{% macro rank_correlation(a, b) -%}
    (count(*) * sum({{ a }} * {{ b }}) - sum({{ a }}) * sum({{ b }}))
    / nullif(
        sqrt(
            (count(*) * sum({{ a }} * {{ a }}) - sum({{ a }}) * sum({{ a }}))
            * (count(*) * sum({{ b }} * {{ b }}) - sum({{ b }}) * sum({{ b }}))
        ), 0
    )
{%- endmacro %}
