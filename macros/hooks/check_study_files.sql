{# Stops before anything is loaded when a file of the study is absent, empty, no UTF-8 text, or has a first line that names
   no table, and when a file to be read in place is not there. Every fault is said at once, one line for each file. #}
{% macro check_study_files() -%}
    {%- if execute -%}
        {%- set study = env_var('NQP_STUDY', 'nqp') -%}
        {%- if not modules.re.match('[A-Za-z0-9][A-Za-z0-9_.-]*$', study) -%}
            {{ exceptions.raise_compiler_error(
                'NQP_STUDY is ' ~ study ~ ': name a folder below seeds/ with letters, digits, _, - and . only.'
            ) }}
        {%- endif -%}
        {%- if study | lower == 'words' -%}
            {{ exceptions.raise_compiler_error(
                'NQP_STUDY is ' ~ study ~ ': seeds/words holds the words that all studies share. Give the study another name.'
            ) }}
        {%- endif -%}
        {%- do check_external_file('NQP_OBSERVATIONS') -%}
        {%- do check_external_file('NQP_ENTITIES') -%}
        {%- set messages = adapter.dispatch('faults_in_files')(study_folder()) -%}
        {%- if messages -%}
            {{ exceptions.raise_compiler_error(messages | join('\n  ')) }}
        {%- endif -%}
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

{# The files that a study lacks: it needs figures, and indicators or variables to make of them. A folder of printed tables
   alone (pub_*.csv) is audited and needs nothing else. #}
{% macro missing_files(found) -%}
    {%- set missing = [] -%}
    {%- set own = [] -%}
    {%- for file in found if not file.startswith('pub_') -%}
        {%- do own.append(file) -%}
    {%- endfor -%}
    {%- if own and 'raw_observations' not in own and not env_var('NQP_OBSERVATIONS', '') -%}
        {%- do missing.append('raw_observations') -%}
    {%- endif -%}
    {%- if own and 'def_indicators' not in own and 'def_variables' not in own -%}
        {%- do missing.append('def_indicators') -%}
    {%- endif -%}
    {{ return(missing) }}
{%- endmacro %}

{% macro duckdb__faults_in_files(folder) -%}
    {%- set messages = [] -%}
    {%- set known = {} -%}  {# the columns of every file that a study may have #}
    {%- for row in run_query("
        select parse_filename(filename, true) as file, trim(content, ' \n') as header
        from read_text('models/staging/headers/*.csv') order by file").rows -%}
        {%- do known.update({row['file']: row['header'].split(',')}) -%}
    {%- endfor -%}
    {%- set facts = {} -%}
    {%- set hidden = '\\x{200B}-\\x{200F}\\x{202A}-\\x{202E}\\x{2060}-\\x{2069}' -%}
    {%- for row in run_query("
        select
            parse_filename(filename, true) as file,
            case
                when hex(content[1:4]) = '504B0304' then 'the file is an Excel workbook. Save the sheet as CSV UTF-8.'
                when hex(content[1:2]) in ('FFFE', 'FEFF')
                    then 'the file is UTF-16 text (Excel calls it Unicode text). Save it as CSV UTF-8.'
                when try(decode(content)) is null
                    then 'the file is not UTF-8 text (a Chinese Excel saves GBK or GB18030). Save it as CSV UTF-8.'
                when contains(decode(content), chr(0)) then 'the file is no text: it holds a null character. Write it anew.'
                when regexp_matches(decode(content), '[" ~ hidden ~ "]')
                    then 'line ' || len(string_split(regexp_extract(decode(content), '^[^" ~ hidden ~ "]*'), chr(10)))
                        || ' holds a character that cannot be seen (a zero width or a direction mark). Type the cell anew.'
                when length(trim(decode(content), ' \t\r\n' || chr(65279))) = 0
                    then 'the file is empty. Write its header line; rows may be missing where none are needed.'
            end as fault
        from read_blob(" ~ quoted_text(folder ~ '/*.csv') ~ ') order by file').rows -%}
        {%- do facts.update({row['file']: row['fault']}) -%}
    {%- endfor -%}
    {%- if not facts -%}
        {{ return(['There is no study folder ' ~ folder ~ ', or it holds no CSV file. NQP_STUDY names a folder below seeds/.']) }}
    {%- endif -%}
    {%- for file in known -%}
        {%- set path = folder ~ '/' ~ file ~ '.csv' -%}
        {%- if file not in facts -%}
            {%- if file in missing_files(facts.keys() | list) -%}
                {%- do messages.append(path ~ ': there is no such file, or it cannot be read. docs/study-format.md says what it holds.') -%}
            {%- endif -%}
        {%- elif facts[file] -%}
            {%- do messages.append(path ~ ': ' ~ facts[file]) -%}
        {%- else -%}
            {%- set header = header_of_file(path) -%}
            {%- set fault = fault_in_header(header) | trim -%}
            {%- if not fault -%}
                {%- set found = header | map('trim') | map('lower') | list -%}
                {%- set fault = fault_of_further_columns(
                    path, found | reject('in', known[file]) | list, known[file] | reject('in', found) | list, known[file]
                ) | trim -%}
            {%- endif -%}
            {%- set fault = fault or fault_in_rows(path, header) | trim -%}
            {%- if fault -%}
                {%- do messages.append(path ~ ': ' ~ fault) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for file in facts if file not in known -%}
        {%- set near = nearest_word(file, known | reject('in', facts) | list) -%}
        {%- if near -%}
            {%- do messages.append(
                folder ~ '/' ~ file ~ '.csv: no file of a study has this name. Rename it ' ~ near ~ '.csv, or move it away.'
            ) -%}
        {%- else -%}
            {%- do print('Not read: ' ~ folder ~ '/' ~ file ~ '.csv, which is no file of a study.') -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(messages) }}
{%- endmacro %}

{# Spark may run where the folder is not: the seed loader, which reads on this side, names such a file. #}
{% macro spark__faults_in_files(folder) -%}
    {{ return([]) }}
{%- endmacro %}
