{# Whether the study has the file that a seed stands for, in its folder or by an environment variable; in a unit test it has
   what stands in for it. #}
{% macro has_study_file(seed, variable=none) -%}
    {{ return(
        not execute or seed.is_cte or path_of_study_file(seed.identifier) != ''
        or (variable is not none and env_var(variable, '') != '')
    ) }}
{%- endmacro %}
