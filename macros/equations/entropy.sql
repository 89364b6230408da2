{# Shannon entropy of proportions p_i = z_i / S, over its largest value:
       e = -(1 / ln n) sum_i p_i ln p_i = (ln S - L / S) / ln n,   S = sum_i z_i,   L = sum_i z_i ln z_i #}
{% macro entropy(total, total_log, rows) -%}
    (ln({{ total }}) - {{ total_log }} / {{ total }}) / ln({{ rows }})
{%- endmacro %}
