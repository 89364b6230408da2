{#- S_j = sum_i z_ij and L_j = sum_i z_ij ln z_ij, 0 ln 0 = 0, cell by cell. -#}
with

final as (
    select
        indicator_key,
        sum(normalized_value) as total,
        sum({{ entropy_term('normalized_value') }}) as total_log,
        cast(count(*) as double) as entity_years
    from {{ ref('int_normalized_values') }}
    group by indicator_key
)

select * from final
