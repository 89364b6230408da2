{{ config(materialized='ephemeral') }}
{#- The draws of the last year, for the entities that lead it in the baseline, as many as `compared_entities` says. -#}
with

last_years as (
    select
        index_code,
        max(year) as year
    from {{ ref('rank_intervals') }}
    group by index_code
),

leaders as (
    select distinct
        intervals.index_code,
        intervals.entity_code,
        intervals.year
    from {{ ref('rank_intervals') }} as intervals
    inner join last_years on intervals.index_code = last_years.index_code and intervals.year = last_years.year
    where intervals.baseline_rank <= {{ parameter('compared_entities', 1, 1000) }}
),

final as (
    select
        matrix_rows.index_code,
        draws.source,
        draws.draw,
        matrix_rows.entity_code,
        draws.rank
    from leaders
    inner join {{ ref('int_matrix_rows') }} as matrix_rows
        on
            leaders.index_code = matrix_rows.index_code
            and leaders.entity_code = matrix_rows.entity_code
            and leaders.year = matrix_rows.year
    inner join {{ ref('int_rank_draws') }} as draws on matrix_rows.row_key = draws.row_key
)

select * from final
