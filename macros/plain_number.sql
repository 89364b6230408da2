{# The number that a text shows in plain notation (digits, one decimal point, sign, exponent), else null:
   a cast alone would read 'nan', 'inf' or '1_000' as numbers. #}
{% macro plain_number(text) -%}
    case
        when translate(lower({{ text }}), '0123456789.+-e', '') = ''
            and abs(try_cast({{ text }} as double)) < cast('infinity' as double)
            then try_cast({{ text }} as double)
    end
{%- endmacro %}
