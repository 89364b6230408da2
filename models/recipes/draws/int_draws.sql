{#-
The numbers of the draws: 1 to the parameter `draws`. Another baseline than the classical one is not drawn around.
-#}
with

baseline as (
    select is_classical from {{ ref('stg_specs') }}
    where is_baseline
),

final as (
    select numbers.number as draw
    from {{ ref('int_numbers') }} as numbers
    cross join baseline
    where numbers.number <= {{ parameter('draws', 1, 99999) }} and baseline.is_classical
)

select * from final
