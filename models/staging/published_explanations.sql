{#- Why a printed number differs from ours, where it is known; a blank key column stands for every value. -#}
with

final as (
    {{ study_file(
        ref('pub_explanations'),
        ['table_code', 'model_code', 'term', 'statistic', 'why_zh', 'why_en'],
        ['panel_code'],
    ) }}
)

select * from final
