{# A random number in (0, 1) that is a function of the parameter `seed`, the name of a stream and the keys of a row alone:
   the first 52 bits of their MD5 hash, in the middle of their cell. Engines and thread counts do not change it. #}
{% macro uniform(stream, keys) -%}
    {%- set text -%}
        '{{ parameter('seed', 0, 2147483647) }} {{ stream }}'
        {%- for key in keys %} || ' ' || cast({{ key }} as string){% endfor -%}
    {%- endset -%}
    (cast({{ adapter.dispatch('hash_bits')(text) }} as double) + 0.5) / 4503599627370496
{%- endmacro %}

{# The first 52 bits of a text's MD5 hash as a whole number. #}
{% macro default__hash_bits(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 13) as bigint)
{%- endmacro %}

{% macro spark__hash_bits(text) -%}
    conv(substr(md5({{ text }}), 1, 13), 16, 10)
{%- endmacro %}
