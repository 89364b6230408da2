{# The sentence of a refusal in one language. What a person wrote (codes, cells) comes in last, so that a placeholder
   inside it stays as it is. #}
{% macro refusal_sentence(language) -%}
    {{ sentence('template_' ~ language, {
        'more': sentence('more_' ~ language, {'more': 'cast(more as string)'}),
        'column': 'column_name',
        'allowed': 'allowed',
        'first': 'cast(first_year as string)',
        'last': 'cast(last_year as string)',
        'entity': 'entity_code',
        'row': 'row_key',
        'value': 'value',
    }) }}
{%- endmacro %}
