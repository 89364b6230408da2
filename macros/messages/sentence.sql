{# A sentence of seeds/words with its placeholders filled: `arguments` gives the text of each {name}. An argument that a
   row does not have leaves nothing. #}
{% macro sentence(template, arguments) -%}
    {%- set filled = namespace(text=template) -%}
    {%- for name, text in arguments.items() -%}
        {%- set filled.text = "replace(" ~ filled.text ~ ", '{" ~ name ~ "}', coalesce(" ~ text ~ ", ''))" -%}
    {%- endfor -%}
    {{ filled.text }}
{%- endmacro %}
