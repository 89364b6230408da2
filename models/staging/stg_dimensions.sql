{#- The dimensions of the indices; without a file those that the indicators name, called by their codes. -#}
{%- set indicators = ref('stg_indicators') %}
with

{% if has_study_file(ref('def_dimensions')) -%}
    dimensions as (
        {{ study_file(
            ref('def_dimensions'),
            ['index_code', 'dimension_code'],
            ['name_zh', 'name_en', 'sort_order', 'weight'],
        ) }}
    ),
{%- else -%}
    dimensions as (
        select distinct
            index_code,
            dimension_code,
            cast(null as string) as name_zh,
            cast(null as string) as name_en,
            cast(null as string) as sort_order,
            cast(null as string) as weight
        from {{ indicators }}
        where index_code is not null and dimension_code is not null
    ),
{%- endif %}

final as (
    select
        index_code,
        dimension_code,
        {{ distinct_name('coalesce(name_zh, name_en, dimension_code)', 'dimension_code', ['index_code']) }} as name_zh,
        {{ distinct_name('coalesce(name_en, name_zh, dimension_code)', 'dimension_code', ['index_code']) }} as name_en,
        {{ whole_number("sort_order") }} as sort_order,
        weight as weight_text,
        {{ plain_number("weight") }} as weight
    from dimensions
)

select * from final
order by index_code, dimension_code
