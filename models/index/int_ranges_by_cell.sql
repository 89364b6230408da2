{#- Smallest and largest value of each indicator, how many there are and what they rest on, from one scan. -#}
with

final as (
    select
        indicator_key,
        {{ range_of('indicator_value') }}
    from {{ ref('int_indicator_values') }}
    group by indicator_key
)

select * from final
