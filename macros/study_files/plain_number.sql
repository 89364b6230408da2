{# The number that a text shows in plain notation (digits, one decimal point, sign, exponent), else null:
   a cast alone would read 'nan', 'inf' or '1_000' as numbers. A number only has to be finite. #}
{% macro plain_number(column, is_text=true) -%}
    {%- if is_text -%}
    case
        when translate(lower({{ column }}), '0123456789.+-e', '') = ''
            and abs(try_cast({{ column }} as double)) < cast('infinity' as double)
            then try_cast({{ column }} as double)
    end
    {%- else -%}
    case when abs({{ column }}) < cast('infinity' as double) then cast({{ column }} as double) end
    {%- endif -%}
{%- endmacro %}
