{#
The stamp of a build, in the schema `build`: what the database was built from and whether the build came to its end.
    inputs      one row per file of the study, per file read in place, for the code and for the vars, with a fingerprint
    relations   one row per seed and model: the fingerprint of all inputs it was last built from; pending from the begin of a
                build that has chosen it until that build has made it or passed it over
    stamp       one row: state and fingerprint of the last build
The state is `building` until the end, so a build that is killed stays unfinished. estimate.py, audit.py and diagnose.py
read the stamp (python/nqp/study/stamp.py) and refuse what is unfinished, failed, a part, or older than its inputs. A mart
that a finished build left as it was from other inputs is dropped: no public mart answers from an older study. There is
no clock in it. Spark has no stamp: its tables are folders, each with a mark of its own that it was written to the end.
#}
{% macro begin_stamp() -%}
    {%- if execute and changes_relations() -%}
        {%- do adapter.dispatch('begin_stamp')() -%}
    {%- endif -%}
{%- endmacro %}

{% macro end_stamp(results) -%}
    {%- if execute and changes_relations() -%}
        {%- do adapter.dispatch('end_stamp')(results) -%}
    {%- endif -%}
{%- endmacro %}

{% macro changes_relations() -%}
    {{ return(flags.WHICH in ['build', 'run', 'seed', 'snapshot', 'clone', 'retry']) }}
{%- endmacro %}

{% macro spark__begin_stamp() -%}
{%- endmacro %}

{% macro spark__end_stamp(results) -%}
{%- endmacro %}

{% macro duckdb__begin_stamp() -%}
    {%- set chosen = [] -%}
    {%- for node in stored_nodes() if node.unique_id in selected_resources -%}
        {%- do chosen.append('(' ~ quoted_text(node.schema) ~ ', ' ~ quoted_text(node.alias) ~ ')') -%}
    {%- endfor -%}
    {%- do run_query("
        begin transaction;
        create schema if not exists build;
        create or replace table build.inputs as " ~ inputs_of_build() ~ ";
        create table if not exists build.relations (
            schema_name varchar, relation_name varchar, inputs_sha256 varchar, is_pending boolean
        );
        " ~ ('update build.relations set is_pending = true where (schema_name, relation_name) in ('
            ~ chosen | join(', ') ~ ');' if chosen else '') ~ "
        create or replace table build.stamp as
        select
            'building' as state,
            " ~ quoted_text('dbt ' ~ flags.WHICH) ~ " as command,
            " ~ quoted_text(env_var('NQP_STUDY', 'nqp')) ~ " as study,
            " ~ quoted_text(invocation_args_dict.get('target') or target.name) ~ " as target,
            sha256(string_agg(kind || ' ' || name || ' ' || fingerprint, chr(10) order by kind, name)) as inputs_sha256
        from build.inputs
        where kind != 'vars';
        commit;
    ") -%}
{%- endmacro %}

{% macro duckdb__end_stamp(results) -%}
    {%- set failed = results | selectattr('status', 'in', ['error', 'fail', 'runtime error', 'partial success']) | list -%}
    {%- set faulty = [] -%}  {# what a failing test is about is not current either #}
    {%- for result in failed -%}
        {%- do faulty.extend([result.node.unique_id] + (result.node.depends_on.nodes if result.node.resource_type == 'test' else [])) -%}
    {%- endfor -%}
    {%- set built, untouched, expected = [], [], [] -%}
    {%- for result in results if result.node.resource_type in ['model', 'seed']
        and (result.status == 'skipped' or 'Compilation Error' in (result.message or '')) -%}
        {%- do untouched.append('(' ~ quoted_text(result.node.schema) ~ ', ' ~ quoted_text(result.node.alias) ~ ')') -%}
    {%- endfor -%}
    {%- for result in results if result.status == 'success' and result.node.unique_id not in faulty
        and result.node.resource_type in ['model', 'seed'] -%}
        {%- do built.append('(' ~ quoted_text(result.node.schema) ~ ', ' ~ quoted_text(result.node.alias) ~ ')') -%}
    {%- endfor -%}
    {%- for node in stored_nodes() -%}
        {%- do expected.append('(' ~ quoted_text(node.schema) ~ ', ' ~ quoted_text(node.alias) ~ ')') -%}
    {%- endfor -%}
    {%- set is_faulty = run_query("select 1 from information_schema.tables where table_schema = 'checks' and table_name = 'study_problems'").rows
        and run_query("select 1 from checks.study_problems where severity = 'error' limit 1").rows -%}
    {%- set state = 'failed' if failed else 'finished' -%}
    {%- if invocation_args_dict.get('empty') or invocation_args_dict.get('sample') -%}
        {%- set state = 'without rows' -%}
    {%- elif run_query("select 1 from build.inputs where kind in ('study', 'external') except all select 1 from (" ~ inputs_of_files() ~ ") as now
        inner join build.inputs as before on now.kind = before.kind and now.name = before.name and now.fingerprint = before.fingerprint").rows -%}
        {%- set state = 'overtaken' -%}
    {%- elif is_faulty -%}
        {%- set state = 'failed' -%}
    {%- endif -%}
    {%- do run_query("
        begin transaction;
        " ~ ('update build.relations set is_pending = false where (schema_name, relation_name) in ('
            ~ untouched | join(', ') ~ ');' if untouched else '') ~ "
        delete from build.relations where is_pending;
        " ~ ('insert into build.relations select built.*, stamp.inputs_sha256, false from (values ' ~ built | join(', ')
            ~ ') as built cross join build.stamp as stamp;' if built and state in ['finished', 'failed'] else '') ~ "
        delete from build.relations where (schema_name, relation_name) not in (values " ~ expected | join(', ') ~ ");
        commit;
    ") -%}
    {#- After a build that failed all marts stay: the commands refuse them, and what was good can be looked at. -#}
    {%- if state == 'finished' -%}
        {%- for row in run_query("
            select tables.table_name, tables.table_type
            from information_schema.tables as tables
            left join build.relations as relations
                on tables.table_schema = relations.schema_name and tables.table_name = relations.relation_name
            left join build.stamp as stamp on relations.inputs_sha256 = stamp.inputs_sha256
            where tables.table_catalog = current_database() and tables.table_schema = 'marts' and stamp.state is null
            order by tables.table_name").rows -%}
            {%- do run_query('drop ' ~ ('view ' if row[1] == 'VIEW' else 'table ') ~ 'marts.' ~ quoted_name(row[0])) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do run_query('update build.stamp set state = ' ~ quoted_text(state)) -%}
{%- endmacro %}

{# The seeds and models that stand in the database. #}
{% macro stored_nodes() -%}
    {{ return(graph.nodes.values() | selectattr('resource_type', 'in', ['seed', 'model'])
        | rejectattr('config.materialized', 'equalto', 'ephemeral') | list) }}
{%- endmacro %}

{# Files up to this size are known by their content, larger ones by size and time of change. #}
{% macro most_bytes() -%}
    {{ return(64 * 1024 * 1024) }}
{%- endmacro %}

{# All that a build rests on, as kind, name, fingerprint: the files, the code and the vars of the command line. #}
{% macro inputs_of_build() -%}
    {{ return(inputs_of_files() ~ "
        union all
        select 'code', 'models and macros', sha256(string_agg(filename || ' ' || sha256(content), chr(10) order by filename))
        from read_blob(['models/**/*.sql', 'macros/**/*.sql', 'seeds/words/*.csv', 'dbt_project.yml'])
        union all
        select 'vars', 'command line', " ~ quoted_text(tojson(invocation_args_dict.get('vars') or {}, sort_keys=true))) }}
{%- endmacro %}

{# The files of the study, absent ones too, and those that are read in place. #}
{% macro inputs_of_files() -%}
    {%- set seeds = [] -%}
    {%- for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') if is_study_file(node) -%}
        {%- do seeds.append('(' ~ quoted_text(node.name) ~ ')') -%}
    {%- endfor -%}
    {%- set parts = ["
        select 'study' as kind, seeds.name || '.csv' as name, coalesce(files.fingerprint, 'absent') as fingerprint
        from (values " ~ seeds | join(', ') ~ ") as seeds (name)
        left join (" ~ fingerprints(study_folder() ~ '/*.csv') ~ ") as files on seeds.name = parse_filename(files.filename, true)"] -%}
    {%- for path in external_paths() -%}
        {%- do parts.append("
        select 'external' as kind, " ~ quoted_text(path) ~ " as name,
        sha256(string_agg(filename || ' ' || fingerprint, chr(10) order by filename)) as fingerprint
        from (" ~ fingerprints(path) ~ ')') -%}
    {%- endfor -%}
    {{ return(parts | join('
        union all')) }}
{%- endmacro %}

{# What the study reads in place: observations, entities, a frozen ruler. #}
{% macro external_paths() -%}
    {%- set paths = [] -%}
    {%- for path in [env_var('NQP_OBSERVATIONS', ''), env_var('NQP_ENTITIES', ''), var('ruler', '')] if path -%}
        {%- do paths.append(absolute_path(path)) -%}
    {%- endfor -%}
    {{ return(paths | unique | list) }}
{%- endmacro %}

{# The files of a pattern and what tells one state of them from another: SHA-256 of the content, of large files size and
   time of change (to read a gigabyte twice for every command would cost more than it guards). nqp.study.stamp has the same query. #}
{% macro fingerprints(path) -%}
    {%- set pattern = quoted_text(path) -%}
    {%- set is_large = run_query('select 1 from read_blob(' ~ pattern ~ ') where size > ' ~ most_bytes() ~ ' limit 1').rows | length > 0 -%}
    {{ return('select filename, ' ~ ("size || ' bytes, ' || epoch_us(last_modified)" if is_large else 'sha256(content)')
        ~ ' as fingerprint from read_blob(' ~ pattern ~ ')') }}
{%- endmacro %}
