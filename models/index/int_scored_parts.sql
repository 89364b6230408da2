{#-
What each indicator adds to the squared distances of a row, beside their sums and the score of the row, and the same at the midpoint
(every z = 1/2, where C = 1/2). Another baseline than the classical one has parts of its own (int_baseline_parts).
-#}
-- depends_on: {{ ref('int_squared_parts') }}
-- depends_on: {{ ref('int_squared_distances') }}
with

-- of the classical baseline only
midpoints as (  -- noqa: ST03
    select
        index_code,
        sum(weight * weight) / 4 as middle
    from {{ ref('int_entropy_weights') }}
    group by index_code
),

final as (
    {% if baseline_is_classical() %}
        select
            parts.index_code,
            parts.dimension_code,
            parts.indicator_code,
            parts.entity_code,
            parts.year,
            'topsis' as aggregation,
            parts.weight,
            sqrt(parts.to_ideal) as weighted_shortfall,
            parts.to_ideal as ideal_part,
            parts.to_anti_ideal as anti_ideal_part,
            parts.weight * parts.weight / 4 as middle_part,
            cast(null as double) as value_part,
            cast(null as double) as middle_value_part,
            distances.to_ideal as ideal,
            distances.to_anti_ideal as anti_ideal,
            midpoints.middle,
            {{ closeness('sqrt(distances.to_anti_ideal)', 'sqrt(distances.to_ideal)') }} as score,
            cast(0.5 as double) as middle_score
        from {{ ref('int_squared_parts') }} as parts
        inner join {{ ref('int_squared_distances') }} as distances
            on
                parts.index_code = distances.index_code
                and parts.entity_code = distances.entity_code
                and parts.year = distances.year
        inner join midpoints on parts.index_code = midpoints.index_code
    {% else %}
        select
            index_code,
            dimension_code,
            indicator_code,
            entity_code,
            year,
            aggregation,
            weight,
            weighted_shortfall,
            ideal_part,
            anti_ideal_part,
            middle_part,
            value_part,
            middle_value_part,
            ideal,
            anti_ideal,
            middle,
            score,
            middle_score
        from {{ ref('int_baseline_parts') }}
    {% endif %}
)

select * from final
