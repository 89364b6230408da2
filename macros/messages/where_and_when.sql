{# Of the rows of a group: the first entity, how many more there are, and the span of years. #}
{% macro where_and_when() -%}
    'entity_code=' || min(entity_code)
    || case
        when count(distinct entity_code) > 1
            then ' and ' || cast(count(distinct entity_code) - 1 as string) || ' more'
        else ''
    end
    || ', years ' || cast(min(year) as string) || ' to ' || cast(max(year) as string)
{%- endmacro %}
