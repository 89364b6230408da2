{{ config(materialized='ephemeral') }}
{#-
    z = x / sum x   when more is better,   z = 1 - x / sum x   when less is better
The normalization of the entropy method in its first textbooks. A cost is reflected, as under vector.
Proportions for entropy and coefficient of variation are those of x itself. Values that are negative are refused.
-#}
with

{{ reflected_shares('sum', 'total') }}

select * from final
