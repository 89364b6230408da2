{# Where a value stands between the worst (0) and the best (1) of its indicator:
       z = (x - min) / (max - min)   when more is better,   z = (max - x) / (max - min)   when less is better #}
{% macro min_max(value, minimum, maximum, direction) -%}
    case {{ direction }}
        when 'positive' then ({{ value }} - {{ minimum }}) / ({{ maximum }} - {{ minimum }})
        when 'negative' then ({{ maximum }} - {{ value }}) / ({{ maximum }} - {{ minimum }})
    end
{%- endmacro %}
