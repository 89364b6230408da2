{# Stops before anything is loaded when a file of the study is empty or is not UTF-8 text (the loader itself would not say
   which), or when a file to be read in place is not there. #}
{% macro check_study_files() -%}
    {%- if execute -%}
        {%- set study = env_var('NQP_STUDY', 'nqp') -%}
        {%- if not modules.re.match('[A-Za-z0-9][A-Za-z0-9_.-]*$', study) -%}
            {{ exceptions.raise_compiler_error(
                'NQP_STUDY is ' ~ study ~ ': name a folder below seeds/ with letters, digits, _, - and . only.'
            ) }}
        {%- endif -%}
        {%- set messages = [] -%}
        {%- for file in adapter.dispatch('empty_files')('seeds/' ~ study) -%}
            {%- do messages.append(
                file ~ ': the file is empty. Write its header line; rows may be missing where none are needed.'
            ) -%}
        {%- endfor -%}
        {%- if messages -%}
            {{ exceptions.raise_compiler_error(messages | join('\n  ')) }}
        {%- endif -%}
        {%- do check_external_file('NQP_OBSERVATIONS') -%}
        {%- do check_external_file('NQP_ENTITIES') -%}
        {%- do say_what_takes_long() -%}
    {%- endif -%}
{%- endmacro %}

{# The multiverse of a large panel runs for hours: say so while there is time to stop it. #}
{% macro say_what_takes_long() -%}
    {%- set path = env_var('NQP_OBSERVATIONS', '') -%}
    {%- if path and 'model.' ~ project_name ~ '.spec_scores' in selected_resources -%}
        {%- set rows = run_query('select count(*) from ' ~ external_file(absolute_path(path))).rows[0][0] -%}
        {%- if rows > 100000 -%}
            {%- do print(
                path ~ ' has ' ~ rows ~ ' rows, and the multiverse computes the index hundreds of times over. '
                ~ 'Stop with Ctrl+C and leave it out: dbt build --selector scale'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# The empty files of a folder; the engine names a file that is not UTF-8 text. #}
{% macro duckdb__empty_files(folder) -%}
    {{ return(run_query(
        "select filename from read_text('" ~ folder ~ "/*.csv') where length(trim(content)) = 0 order by filename"
    ).columns[0].values()) }}
{%- endmacro %}

{# Spark may run where the folder is not: the seed loader, which reads on this side, names such a file. #}
{% macro spark__empty_files(folder) -%}
    {{ return([]) }}
{%- endmacro %}
