{#-
    z = x / norm   when more is better,   z = 1 - x / norm   when less is better
The norm is sqrt(sum x^2) under vector, the textbook normalization of TOPSIS (Hwang and Yoon, Multiple Attribute Decision
Making, 1981), and sum x under sum, that of the entropy method in its first textbooks. Distances to the ideal are the same
whether a cost is reflected, as here, or its smallest value is made the ideal. Proportions for entropy and coefficient of
variation are those of x itself; under sum, negative values are refused. A pool of zeros has shares 0.
-#}
with

shares as (
    select
        column_key,
        row_key,
        year,
        is_in_pool,
        direction,
        coalesce(
            indicator_value / nullif(case when position('vector' in normalization) > 0 then norm else total end, 0), 0
        ) as share
    from {{ ref('int_pool_cells') }}
    where normalization in ('vector', 'sum', 'vector_unturned', 'sum_unturned')
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
