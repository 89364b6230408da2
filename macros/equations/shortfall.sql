{# What a value lacks to the best of its indicator: v = 1 - z, without a subtraction that would lose digits near the best:
       v = (max - x) / (max - min)   when more is better,   v = (x - min) / (max - min)   when less is better #}
{% macro shortfall(value, minimum, maximum, direction) -%}
    case {{ direction }}
        when 'positive' then ({{ maximum }} - {{ value }}) / ({{ maximum }} - {{ minimum }})
        when 'negative' then ({{ value }} - {{ minimum }}) / ({{ maximum }} - {{ minimum }})
    end
{%- endmacro %}
