{# Stops before anything is loaded when a file of the study is empty or is not UTF-8 text (then the engine names the
   file; the loader itself would not say which), or when a file to be read in place is not there. #}
{% macro check_study_files() -%}
    {%- if execute and target.type == 'duckdb' -%}
        {%- set study = env_var('NQP_STUDY', 'nqp') -%}
        {%- if not modules.re.match('[A-Za-z0-9][A-Za-z0-9_.-]*$', study) -%}
            {{ exceptions.raise_compiler_error(
                'NQP_STUDY is ' ~ study ~ ': name a folder below seeds/ with letters, digits, _, - and . only.'
            ) }}
        {%- endif -%}
        {%- set folder = 'seeds/' ~ study -%}
        {%- set empty = run_query(
            "select filename from read_text('" ~ folder ~ "/*.csv') where length(trim(content)) = 0 order by filename"
        ) -%}
        {%- set messages = [] -%}
        {%- for row in empty.rows -%}
            {%- do messages.append(
                row['filename'] ~ ': the file is empty. Write its header line; rows may be missing where none are needed.'
            ) -%}
        {%- endfor -%}
        {%- if messages -%}
            {{ exceptions.raise_compiler_error(messages | join('\n  ')) }}
        {%- endif -%}
        {%- do check_external_file('NQP_OBSERVATIONS') -%}
        {%- do check_external_file('NQP_ENTITIES') -%}
    {%- endif -%}
{%- endmacro %}
