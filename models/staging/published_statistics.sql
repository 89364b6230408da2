{#- Printed model statistics (N, adjusted R2, test statistics) as text, digits intact. -#}
with

final as (
    {{ study_file(
        ref('pub_statistics'), ['table_code', 'model_code', 'statistic', 'printed_value'], ['stars'],
    ) }}
)

select * from final
