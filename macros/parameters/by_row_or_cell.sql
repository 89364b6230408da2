{# Of two models with the same columns the one to read: that by row where the indicators are columns of a wide file, else that by
   cell. The other is not computed. #}
{% macro by_row_or_cell(by_row, by_cell) -%}
    {{ by_row if wide_indicators() else by_cell }}
{%- endmacro %}
