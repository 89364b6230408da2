{# Whether a word is one of a list a|b; null where there is no list. #}
{% macro is_listed(word, list) -%}
    position('|' || {{ word }} || '|' in '|' || {{ list }} || '|') > 0
{%- endmacro %}
