{# The texts and numbers that fill the placeholders of a sentence, by name: a map from text to text. A number keeps all its
   digits; the sentence rounds it. #}
{% macro arguments(named) -%}
    {{ return(adapter.dispatch('arguments')(named)) }}
{%- endmacro %}

{% macro duckdb__arguments(named) -%}
    map {
    {%- for name, value in named.items() -%}
        '{{ name }}': cast({{ value }} as string){{ ', ' if not loop.last }}
    {%- endfor -%}
    }
{%- endmacro %}

{% macro spark__arguments(named) -%}
    map(
    {%- for name, value in named.items() -%}
        '{{ name }}', cast({{ value }} as string){{ ', ' if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}
