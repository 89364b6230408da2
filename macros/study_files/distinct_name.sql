{# A name that no other row has: where two rows of a file (of one index, say: `within`) have names that are the same but for
   capitals or the form of Unicode, the code is added to both. Figures and pages tell things apart by their names. #}
{% macro distinct_name(name, code, within=[]) -%}
    {{ name }} || case
        when count(*) over (partition by {{ (within + [folded_name(name)]) | join(', ') }}) > 1 and {{ name }} != {{ code }}
            then ' (' || {{ code }} || ')'
        else ''
    end
{%- endmacro %}

{% macro folded_name(name) -%}
    {{ return(adapter.dispatch('folded_name')(name)) }}
{%- endmacro %}

{% macro duckdb__folded_name(name) -%}
    lower(nfc_normalize({{ name }}))
{%- endmacro %}

{# Spark has no normalization of Unicode. #}
{% macro spark__folded_name(name) -%}
    lower({{ name }})
{%- endmacro %}
