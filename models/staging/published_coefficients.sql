{#- Printed coefficients as text, digits intact. -#}
with

final as (
    {{ study_file(
        ref('pub_coefficients'),
        ['table_code', 'model_code', 'term', 'estimate', 'std_error', 'stars'],
        ['equation', 'printed_label', 'finding', 't_value', 'p_value', 'conf_low', 'conf_high'],
    ) }}
)

select * from final
