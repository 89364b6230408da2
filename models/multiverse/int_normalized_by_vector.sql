{{ config(materialized='ephemeral') }}
{#-
    z = x / sqrt(sum x^2)   when more is better,   z = 1 - x / sqrt(sum x^2)   when less is better
The textbook normalization of TOPSIS (Hwang and Yoon, Multiple Attribute Decision Making, 1981). Distances to the ideal
are the same whether a cost is reflected, as here, or its smallest value is made the ideal. Proportions for entropy and
coefficient of variation are those of x itself.
-#}
with

shares as (
    select
        column_key,
        row_key,
        year,
        is_in_pool,
        direction,
        coalesce(indicator_value / nullif(norm, 0), 0) as share
    from {{ ref('int_pool_cells') }}
    where normalization = 'vector'
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
