{# The word among `words` that `word` was most likely meant to be, nothing where none is near: at most one letter in four
   differs, two neighbours in the wrong order counting as one. Names in the two languages (_zh, _en) are not taken for each other. #}
{% macro nearest_word(word, words) -%}
    {%- set candidates = [] -%}
    {%- for other in words if (word | lower)[-3:] == (other | lower)[-3:]
        or not ((word | lower)[-3:] in ('_zh', '_en') and (other | lower)[-3:] in ('_zh', '_en')) -%}
        {%- do candidates.append('(' ~ quoted_text(other) ~ ')') -%}
    {%- endfor -%}
    {%- if candidates -%}
        {%- for row in run_query(
            'select word from (select candidates.word, ' ~ edit_distance() ~ '(lower(' ~ quoted_text(word | trim) ~ '), lower(candidates.word)) as distance '
            ~ 'from (values ' ~ candidates | join(', ') ~ ') as candidates (word)) as distances '
            ~ 'where distance <= greatest(1, floor(length(word) / 4)) order by distance, word limit 1'
        ).rows -%}
            {{ return(row[0]) }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{# The function that counts the letters in which two words differ. On DuckDB two swapped letters are one slip, on Spark two. #}
{% macro edit_distance() -%}
    {{ return(adapter.dispatch('edit_distance')()) }}
{%- endmacro %}

{% macro duckdb__edit_distance() -%}
    {{ return('damerau_levenshtein') }}
{%- endmacro %}

{% macro spark__edit_distance() -%}
    {{ return('levenshtein') }}
{%- endmacro %}
