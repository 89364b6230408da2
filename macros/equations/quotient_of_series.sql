{# The quotient that a definition (its alias) makes of the joined rows `numerators` and `denominators` of its series. #}
{% macro quotient_of_series(definition) -%}
    {%- set multiplier = definition ~ '.multiplier' -%}
    case
        when {{ definition }}.denominator_series is null
            then {{ quotient('numerators.series_value', none, multiplier) }}
        else {{ quotient('numerators.series_value', 'denominators.series_value', multiplier) }}
    end
{%- endmacro %}
