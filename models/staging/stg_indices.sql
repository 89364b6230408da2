{#-
The indices; without a file those of the indicators, called by their codes, over all observed years. An index that is based
on another one takes that one's dimensions and indicators (stg_dimensions, stg_indicators).
-#}
{%- set indicators = ref('stg_indicators') %}
{%- set observations = ref('stg_observations') %}
with

{% if has_study_file(ref('def_indices')) -%}
    indices as (
        {{ study_file(
            ref('def_indices'),
            ['index_code', 'first_year', 'last_year'],
            [
                'name_zh', 'name_en', 'missing', 'based_on', 'without_indicators', 'without_rows', 'winsorise', 'recipes',
            ],
        ) }}
    ),
{%- else -%}
    observed_years as (
        select
            cast(min(year) as string) as first_year,
            cast(max(year) as string) as last_year
        from {{ observations }}
        where observed_value is not null
    ),

    indices as (
        select distinct
            indicators.index_code,
            observed_years.first_year,
            observed_years.last_year,
            cast(null as string) as name_zh,
            cast(null as string) as name_en,
            cast(null as string) as missing,
            cast(null as string) as based_on,
            cast(null as string) as without_indicators,
            cast(null as string) as without_rows,
            cast(null as string) as winsorise,
            cast(null as string) as recipes
        from {{ indicators }} as indicators
        cross join observed_years
        where indicators.index_code is not null
    ),
{%- endif %}

final as (
    select
        index_code,
        {{ distinct_name('coalesce(name_zh, name_en, index_code)', 'index_code') }} as name_zh,
        {{ distinct_name('coalesce(name_en, name_zh, index_code)', 'index_code') }} as name_en,
        first_year as first_year_text,
        {{ whole_number("first_year") }} as first_year,
        last_year as last_year_text,
        {{ whole_number("last_year") }} as last_year,
        coalesce(missing, 'stop') as missing,
        based_on,
        without_indicators,
        without_rows,
        winsorise as winsorise_text,
        {{ plain_number('winsorise') }} as winsorise,
        coalesce(recipes, 'all') as recipes
    from indices
)

select * from final
order by index_code
