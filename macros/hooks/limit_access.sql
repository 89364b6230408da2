{# From here on DuckDB reads and writes nothing but its database, its temporary files, the files of the study and the list of missing
   cells, loads no extension and keeps these settings: should a text of a file ever be run as SQL, it reaches nothing outside. #}
{% macro limit_access() -%}
    {%- if execute -%}
        {%- do adapter.dispatch('limit_access')() -%}
    {%- endif -%}
{%- endmacro %}

{% macro default__limit_access() -%}
{%- endmacro %}

{% macro duckdb__limit_access() -%}
    {%- if run_query("select current_setting('enable_external_access')").rows[0][0] -%}
        {%- set paths = [quoted_text(file_of_missing_cells())] -%}
        {%- for path in external_paths() -%}
            {%- do paths.append(quoted_text(path)) -%}
            {%- for file in run_query('select file from glob(' ~ quoted_text(path) ~ ')').columns[0].values() -%}
                {%- do paths.append(quoted_text(file)) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- do run_query('
            set allowed_directories = [' ~ quoted_text(study_folder()) ~ ", 'seeds/words'];" ~ '
            set allowed_paths = [' ~ paths | unique | join(', ') ~ '];
            set enable_external_access = false;
            set lock_configuration = true;
        ') -%}
    {%- endif -%}
{%- endmacro %}
