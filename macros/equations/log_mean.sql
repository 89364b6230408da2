{# The logarithmic mean (x - y) / (ln x - ln y) of two positive numbers, x where they are equal. Near equality the
   quotient loses digits, so its series in d = x / y - 1 stands in: y (1 + d/2 - d^2/12 + d^3/24). #}
{% macro log_mean(x, y) -%}
    case
        when not ({{ x }} > 0 and {{ y }} > 0) then null
        when abs({{ x }} / {{ y }} - 1) < 0.0001
            then {{ y }} * (
                1 + ({{ x }} / {{ y }} - 1) / 2 - power({{ x }} / {{ y }} - 1, 2) / 12 + power({{ x }} / {{ y }} - 1, 3) / 24
            )
        else ({{ x }} - {{ y }}) / (ln({{ x }}) - ln({{ y }}))
    end
{%- endmacro %}
