{#-
Stored bounds and weights to score with in place of own ones, as numbers; without the var `ruler` there are none.
-#}
with

ruler as (
    {{ ruler_rows() }}
),

final as (
    select
        index_code,
        indicator_code,
        {{ plain_number('minimum') }} as minimum,
        {{ plain_number('maximum') }} as maximum,
        {{ plain_number('entropy') }} as entropy,
        {{ plain_number('weight') }} as weight
    from ruler
)

select * from final
