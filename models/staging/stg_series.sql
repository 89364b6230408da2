{#-
The observed series; without a file those that are observed, called by their codes, of a unit and source that nobody has
stated. A cell that is missing is imputed only where `impute` says how:
    linear      inside a gap, on the straight line between the observed years around it
    carry N     from the last observed year before it, for at most N years
    zero        a cell that stands blank in the file is 0; a cell that has no row stays missing
-#}
{%- set observations = ref('stg_observations') %}
{%- set optional = ['vintage', 'trust', 'note', 'unit_zh', 'source_zh', 'vintage_zh', 'note_zh', 'impute'] %}
{%- set is_declared = has_study_file(ref('def_series')) %}
with

{% if is_declared -%}
    series as (
        {{ study_file(ref('def_series'), ['series_code', 'name_zh', 'name_en', 'unit', 'source'], optional) }}
    ),
{%- else -%}
    series as (
        select distinct
            series_code,
            cast(null as string) as name_zh,
            cast(null as string) as name_en,
            cast(null as string) as unit,
            cast(null as string) as source,
            cast(null as string) as vintage,
            cast(null as string) as trust,
            cast(null as string) as note,
            cast(null as string) as unit_zh,
            cast(null as string) as source_zh,
            cast(null as string) as vintage_zh,
            cast(null as string) as note_zh,
            cast(null as string) as impute
        from {{ observations }}
        where series_code is not null
    ),
{%- endif %}

final as (
    select
        series_code,
        coalesce(name_zh, name_en, series_code) as name_zh,
        coalesce(name_en, name_zh, series_code) as name_en,
        unit,
        source,
        vintage,
        trust,
        note,
        coalesce(unit_zh, unit) as unit_zh,
        coalesce(source_zh, source) as source_zh,
        coalesce(vintage_zh, vintage) as vintage_zh,
        coalesce(note_zh, note) as note_zh,
        impute as impute_text,
        case
            when impute is null then 'never'
            when impute in ('linear', 'zero') then impute
            when impute like 'carry %' and {{ whole_number("trim(substr(impute, 7))") }} > 0 then 'carry'
        end as impute,
        case when impute like 'carry %' then {{ whole_number("trim(substr(impute, 7))") }} end as carried_years,
        {{ 'true' if is_declared else 'false' }} as is_declared
    from series
)

select * from final
order by series_code
