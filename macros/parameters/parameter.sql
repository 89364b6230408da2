{# A number among the vars of dbt_project.yml, or one error that says how to mend it. #}
{% macro parameter(name, lowest, highest, whole=true) -%}
    {%- set value = var(name) -%}
    {%- if execute and (value is not number or value is sameas true or value is sameas false
        or (whole and value != value | int) or value < lowest or value > highest) -%}
        {{ exceptions.raise_compiler_error(
            'The parameter ' ~ name ~ ' is ' ~ value ~ ': give a ' ~ ('whole ' if whole else '') ~ 'number from '
            ~ lowest ~ ' to ' ~ highest ~ ' in vars of dbt_project.yml or with --vars.'
        ) }}
    {%- endif -%}
    {{ return(value) }}
{%- endmacro %}
