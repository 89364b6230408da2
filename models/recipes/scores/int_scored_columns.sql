{#-
What every valid recipe scores, and with which weight: the columns that it weighs, or the same indicators under another
normalization (scored_on). Rescaling and shift belong to the values that are weighed; another normalization has neither.
-#}
with

final as (
    select
        specs.spec_key,
        specs.aggregation,
        specs.ideal,
        case specs.scored_on when 'same' then specs.range_low else 0 end as range_low,
        case specs.scored_on when 'same' then specs.range_high else 1 end as range_high,
        case specs.scored_on when 'same' then specs.shift else 0 end as shift,
        weights.weight,
        scored.column_key
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_weights') }} as weights on specs.weight_key = weights.weight_key
    inner join {{ ref('int_pool_columns') }} as weighed on weights.column_key = weighed.column_key
    inner join {{ ref('int_pool_columns') }} as scored
        on
            weighed.indicator_key = scored.indicator_key
            and weighed.pool = scored.pool
            and weighed.pool_code = scored.pool_code
            and case specs.scored_on when 'same' then specs.normalization else specs.scored_on end
            = scored.normalization
    where specs.is_valid and (specs.is_baseline or weighed.has_recipes)
)

select * from final
