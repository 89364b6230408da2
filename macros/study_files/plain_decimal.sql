{# The number that digits with at most one decimal point show, else null: no sign, no exponent. #}
{% macro plain_decimal(text) -%}
    case
        when translate({{ text }}, '0123456789', '') in ('', '.') and replace({{ text }}, '.', '') != ''
            then try_cast({{ text }} as double)
    end
{%- endmacro %}

{# A pattern of seeds/words/recipe_options.csv with the numbers of a row in it: constant for {c}, low for {a}, high for {b}. #}
{% macro in_pattern(pattern) -%}
    replace(
        replace(replace({{ pattern }}, '{c}', coalesce(constant, '')), '{a}', coalesce(low, '')), '{b}', coalesce(high, '')
    )
{%- endmacro %}
