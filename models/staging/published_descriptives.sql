{#- Printed descriptive statistics as text, digits intact. -#}
with

final as (
    {{ study_file(
        ref('pub_descriptives'),
        ['variable_code', 'obs', 'mean', 'std_dev', 'min', 'max'],
        ['printed_label', 'printed_definition', 'lowest_possible', 'highest_possible', 'kind', 'share_of'],
    ) }}
)

select * from final
