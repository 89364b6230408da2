{# The folder of the study from the root of the project, as messages name it. #}
{% macro study_folder() -%}
    {{ return('seeds/' ~ env_var('NQP_STUDY', 'nqp')) }}
{%- endmacro %}

{# A path counts from the folder of the project, so that a view on the file serves from every folder. #}
{% macro absolute_path(path) -%}
    {{ return(path if not path or modules.re.match('/|[A-Za-z]:|[a-z0-9]+://', path) else invocation_args_dict['project_dir'] ~ '/' ~ path) }}
{%- endmacro %}
