{#-
    z = (x - mean) / s   when more is better,   z = (mean - x) / s   when less is better
s is the standard deviation with n - 1 (OECD and JRC, Handbook on Constructing Composite Indicators, 2008, "z-scores").
A constant indicator is 0. z-scores are negative in part and have no proportions.
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
            when direction = 'positive' then (indicator_value - mean) / std_dev
            else (mean - indicator_value) / std_dev
        end as normalized_value
    from {{ ref('int_pool_cells') }}
    where normalization = 'z_score'
),

final as (
    select
        normalized.*,
        cast(null as double) as proportion_basis
    from normalized
)

select * from final
