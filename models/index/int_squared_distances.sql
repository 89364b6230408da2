{#-
Squared distances to the ideal and to the anti-ideal. They add over indicators, so that every dimension has its own and their
sum is the composite's. A dimension keeps the composite's weights: its score does not change when its weights are scaled.
-#}
with

final as (
    select
        index_key,
        index_code,
        entity_code,
        year,
        to_ideal,
        to_anti_ideal
    from {{ by_row_or_cell(ref('int_squared_distances_by_row'), ref('int_squared_distances_by_cell')) }}
)

select * from final
