{#- The numbers of the draws: 1 to the parameter `draws`. -#}
with

final as (
    select number as draw from {{ ref('int_numbers') }}
    where number <= {{ parameter('draws', 1, 99999) }}
)

select * from final
