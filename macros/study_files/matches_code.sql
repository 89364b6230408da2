{# True where a code can be a column name on every engine: a lower-case letter, then letters, digits, _. #}
{% macro matches_code(code) -%}
    (
        translate({{ code }}, 'abcdefghijklmnopqrstuvwxyz0123456789_', '') = ''
        and translate(substr({{ code }}, 1, 1), 'abcdefghijklmnopqrstuvwxyz', '') = ''
    )
{%- endmacro %}
