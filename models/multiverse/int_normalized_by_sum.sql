{{ config(materialized='ephemeral') }}
{#-
    z = x / sum x   when more is better,   z = 1 - x / sum x   when less is better
The normalization of the entropy method in its first textbooks. A cost is reflected, as under vector.
Proportions for entropy and coefficient of variation are those of x itself. Values that are negative are refused.
-#}
with

shares as (
    select
        column_key,
        row_key,
        year,
        is_in_pool,
        direction,
        coalesce(indicator_value / nullif(total, 0), 0) as share
    from {{ ref('int_pool_cells') }}
    where normalization = 'sum'
),

final as (
    select
        column_key,
        row_key,
        year,
        is_in_pool,
        case when direction = 'positive' then share else 1 - share end as normalized_value,
        share as proportion_basis
    from shares
)

select * from final
