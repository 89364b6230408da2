{{ config(materialized='ephemeral') }}
{#-
    z = x / sqrt(sum x^2)   when more is better,   z = 1 - x / sqrt(sum x^2)   when less is better
The textbook normalization of TOPSIS (Hwang and Yoon, Multiple Attribute Decision Making, 1981). Distances to the ideal
are the same whether a cost is reflected, as here, or its smallest value is made the ideal. Proportions for entropy and
coefficient of variation are those of x itself.
-#}
with

{{ reflected_shares('vector', 'norm') }}

select * from final
