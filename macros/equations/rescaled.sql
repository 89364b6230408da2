{# A normalized value as a recipe counts it: pulled from [0, 1] to [a, b] and shifted by c,
       a + (b - a) z + c
   with a, b, c the columns range_low, range_high and shift of the recipe. #}
{% macro rescaled(z, recipe) -%}
    ({{ recipe }}.range_low + ({{ recipe }}.range_high - {{ recipe }}.range_low) * {{ z }} + {{ recipe }}.shift)
{%- endmacro %}
