{#- The groups of entities; without a file those that the entities name, called by their codes. -#}
{%- set entities = ref('stg_entities') %}
with

{% if has_study_file(ref('def_groups')) -%}
    groups as (
        {{ study_file(ref('def_groups'), ['group_code'], ['name_zh', 'name_en', 'sort_order']) }}
    ),
{%- else -%}
    groups as (
        select distinct
            group_code,
            cast(null as string) as name_zh,
            cast(null as string) as name_en,
            cast(null as string) as sort_order
        from {{ entities }}
    ),
{%- endif %}

final as (
    select
        group_code,
        {{ distinct_name('coalesce(name_zh, name_en, group_code)', 'group_code') }} as name_zh,
        {{ distinct_name('coalesce(name_en, name_zh, group_code)', 'group_code') }} as name_en,
        {{ whole_number("sort_order") }} as sort_order
    from groups
)

select * from final
order by group_code
