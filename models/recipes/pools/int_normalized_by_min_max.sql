{#-
    z = (x - min) / (max - min)   when more is better,   z = (max - x) / (max - min)   when less is better
min and max over the pool, or the goalposts; outside a base year z may leave [0, 1]. A constant indicator is 0. Proportions
are those of z without its sign.
-#}
with

normalized as (
    select
        column_key,
        row_key,
        year,
        is_in_pool,
        case
            when is_constant then cast(0 as double)
            else {{ min_max('indicator_value', 'minimum', 'maximum', 'direction') }}
        end as normalized_value
    from {{ ref('int_pool_cells') }}
    where normalization in ('min_max', 'min_max_unturned')
),

final as (
    select
        normalized.*,
        abs(normalized_value) as proportion_basis
    from normalized
)

select * from final
