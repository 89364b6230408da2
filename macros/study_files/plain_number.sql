{# The number that a text shows in plain notation (digits, one decimal point, sign, exponent), else null:
   a cast alone would read 'nan', 'inf' or '1_000' as numbers. A number only has to be finite. A whole number beyond 2^53
   that no double holds is none: it would be rounded in silence. #}
{% macro plain_number(column, is_text=true) -%}
    {%- if is_text -%}
    case
        when translate(lower({{ column }}), '0123456789.+-e', '') = ''
            and abs(try_cast({{ column }} as double)) < cast('infinity' as double)
            and (
                length({{ column }}) < 16
                or translate({{ column }}, '0123456789', '') not in ('', '-')
                or coalesce(
                    try_cast(try_cast({{ column }} as double) as decimal(38, 0)) = try_cast({{ column }} as decimal(38, 0)), false
                )
            )
            then try_cast({{ column }} as double)
    end
    {%- else -%}
    case when abs({{ column }}) < cast('infinity' as double) then cast({{ column }} as double) end
    {%- endif -%}
{%- endmacro %}
