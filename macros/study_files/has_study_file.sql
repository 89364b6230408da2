{# Whether the study has a file, in its folder or by an environment variable; in a unit test it has what stands in for it. #}
{% macro has_study_file(file, variable=none) -%}
    {{ return(not execute or source('study', file).is_cte or path_of_study_file(file, variable) | trim != '') }}
{%- endmacro %}
