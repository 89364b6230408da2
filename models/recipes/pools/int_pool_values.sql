{#-
Every normalization of every value, and how far it lies below the best and above the worst value of its column:
    below_best = max z - z,   above_worst = z - min z,   over all rows of the column, or over those of the same year
The ideal and anti-ideal of TOPSIS are the best and worst weighted values, so distances are sums over these.
-#}
with

normalized as (
    select * from {{ ref('int_normalized_by_min_max') }}
    union all
    select * from {{ ref('int_normalized_by_z_score') }}
    union all
    select * from {{ ref('int_normalized_by_norm') }}
),

final as (
    select
        column_key,
        row_key,
        is_in_pool,
        normalized_value,
        proportion_basis,
        max(normalized_value) over (partition by column_key) - normalized_value as below_best,
        normalized_value - min(normalized_value) over (partition by column_key) as above_worst,
        max(normalized_value) over (partition by column_key, year) - normalized_value as below_best_of_year,
        normalized_value - min(normalized_value) over (partition by column_key, year) as above_worst_of_year
    from normalized
)

select * from final
