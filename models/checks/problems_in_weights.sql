{#-
Given weights that are no numbers above 0, or that some indicators of an index (some dimensions of it) have and others not, one
row per finding.
-#}
with

weights as (
    select
        'def_indicators' as file,
        index_code,
        'index_code=' || index_code || ', indicator_code=' || indicator_code as row_key,
        weight_text,
        weight
    from {{ ref('stg_indicators') }}
    union all
    select
        'def_dimensions' as file,
        index_code,
        'index_code=' || index_code || ', dimension_code=' || dimension_code as row_key,
        weight_text,
        weight
    from {{ ref('stg_dimensions') }}
),

counted as (
    select
        *,
        count(weight_text) over (partition by file, index_code) as weights_of_index
    from weights
),

final as (
    select
        'weight_not_allowed' as reason,
        file,
        row_key,
        coalesce(weight_text, '(blank)') as value
    from counted
    where weights_of_index > 0 and not coalesce(weight > 0, false)
)

select * from final
