{# The number that digits with at most one decimal point show, else null: no sign, no exponent. #}
{% macro plain_decimal(text) -%}
    case
        when translate({{ text }}, '0123456789', '') in ('', '.') and replace({{ text }}, '.', '') != ''
            then try_cast({{ text }} as double)
    end
{%- endmacro %}
