{# Values over a norm of their pool, costs reflected: z = x / norm, or 1 - x / norm when less is better. A pool of zeros has shares 0. #}
{% macro reflected_shares(normalization, norm) -%}
shares as (
    select
        column_key,
        row_key,
        year,
        is_in_pool,
        direction,
        coalesce(indicator_value / nullif({{ norm }}, 0), 0) as share
    from {{ ref('int_pool_cells') }}
    where normalization = '{{ normalization }}'
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
{%- endmacro %}
