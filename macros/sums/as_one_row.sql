{# A small table of one row per indicator as one row: column weight_3 is the weight of indicator 3. #}
{% macro as_one_row(indicators, source, names) -%}
    select
        {%- for one in indicators -%}
        {%- set last = loop.last -%}
        {%- for name in names %}
        max(case when indicator_key = {{ one.indicator_key }} then {{ name }} end) as {{ name }}_{{ one.indicator_key }}
        {{- ',' if not (last and loop.last) }}
        {%- endfor -%}
        {%- endfor %}
    from {{ source }}
{%- endmacro %}
