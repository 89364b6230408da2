{#- The printed indicator system. -#}
with

final as (
    {{ study_file(
        ref('pub_indicators'),
        ['index_code', 'indicator_code', 'indicator_zh', 'indicator_en'],
        ['dimension_zh', 'dimension_en', 'definition_en'],
    ) }}
)

select * from final
