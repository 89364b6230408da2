{{ config(materialized='table') }}
{#-
    minimum_j = min x_ij,   maximum_j = max x_ij   over all entity-years of the index (one pool)
and how many values there are, from one scan: checks, bounds and definitions need no other.
-#}
{%- set columns = wide_indicators() %}
with

ranges as (
    {%- if columns %}
        {{ ranges_of_columns(columns) }}
    {%- else %}
        select
            indicator_key,
            {{ range_of('indicator_value') }}
        from {{ ref('int_indicator_values') }}
        group by indicator_key
    {%- endif %}
),

final as (
    select
        indicators.index_code,
        indicators.dimension_code,
        indicators.indicator_code,
        ranges.*
    from ranges
    inner join {{ ref('stg_indicators') }} as indicators on ranges.indicator_key = indicators.indicator_key
)

select * from final
