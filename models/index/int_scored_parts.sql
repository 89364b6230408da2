{#- What each indicator adds to the squared distances of a row, beside their sums and the score of the row. -#}
with

final as (
    select
        parts.index_code,
        parts.dimension_code,
        parts.indicator_code,
        parts.entity_code,
        parts.year,
        parts.weight,
        parts.to_ideal as ideal_part,
        parts.to_anti_ideal as anti_ideal_part,
        distances.to_ideal as ideal,
        distances.to_anti_ideal as anti_ideal,
        {{ closeness('sqrt(distances.to_anti_ideal)', 'sqrt(distances.to_ideal)') }} as score
    from {{ ref('int_squared_parts') }} as parts
    inner join {{ ref('int_squared_distances') }} as distances
        on
            parts.index_code = distances.index_code
            and parts.entity_code = distances.entity_code
            and parts.year = distances.year
)

select * from final
