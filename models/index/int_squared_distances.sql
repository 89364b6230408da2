{#-
    to the ideal       b = sum_j b_ij
    to the anti-ideal  a = sum_j a_ij
Squared distances add over indicators: one group by gives every dimension, their sum gives the composite.
A dimension keeps the composite's weights: its score does not change when its weights are scaled.
-#}
-- depends_on: {{ ref('int_indicator_bounds') }}
-- depends_on: {{ ref('int_entropy_weights') }}
{%- set columns = wide_indicators() %}
with

dimensions as (
    select distinct
        dimension_key,
        index_code,
        dimension_code,
        -min(dimension_key) over (partition by index_code) as composite_key
    from {{ ref('stg_indicators') }}
),

indices as (
    select
        dimension_key as index_key,
        index_code || '.' || dimension_code as index_code
    from dimensions
    union all
    select distinct
        composite_key as index_key,
        index_code
    from dimensions
),
{% if columns %}
    distances as (
        {{ squared_distances_of_columns(columns) }}
    ),
{% else %}
    sums as (
        select
            dimension_key,
            entity_code,
            year,
            sum(to_ideal) as to_ideal,
            sum(to_anti_ideal) as to_anti_ideal
        from {{ ref('int_squared_parts') }}
        group by dimension_key, entity_code, year
    ),

    distances as (
        select
            dimension_key as index_key,
            entity_code,
            year,
            to_ideal,
            to_anti_ideal
        from sums
        union all
        select
            dimensions.composite_key as index_key,
            sums.entity_code,
            sums.year,
            sum(sums.to_ideal) as to_ideal,
            sum(sums.to_anti_ideal) as to_anti_ideal
        from sums
        inner join dimensions on sums.dimension_key = dimensions.dimension_key
        group by dimensions.composite_key, sums.entity_code, sums.year
    ),
{% endif %}
final as (
    select
        distances.index_key,
        indices.index_code,
        distances.entity_code,
        distances.year,
        distances.to_ideal,
        distances.to_anti_ideal
    from distances
    inner join indices on distances.index_key = indices.index_key
)

select * from final
