{# A printed cell in half-width signs with a plain minus: full-width digits, points, brackets and stars, minus signs and
   dashes of any kind. #}
{% macro half_width(text) -%}
    translate({{ text }}, '０１２３４５６７８９．，（）［］＋＊−–－　', '0123456789.,()[]+*--- ')
{%- endmacro %}
