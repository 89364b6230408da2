with

computed as (
    select series_code, year, true as is_imputed from {{ ref('int_series_imputed') }}
    union all
    select series_code, year, is_imputed from {{ ref('int_series_derived_first') }}
    union all
    select series_code, year, is_imputed from {{ ref('int_series_derived_second') }}
),

counts as (
    select
        series_code,
        first_year,
        last_year,
        figures as cells,
        0 as imputed_cells
    from {{ ref('int_series_extents') }}
    union all
    select
        series_code,
        min(year) as first_year,
        max(year) as last_year,
        count(*) as cells,
        sum(cast(is_imputed as integer)) as imputed_cells
    from computed
    group by series_code
),

final as (
    select
        series_code,
        min(first_year) as first_year,
        max(last_year) as last_year,
        cast(sum(cells) as bigint) as cells,
        cast(sum(imputed_cells) as bigint) as imputed_cells
    from counts
    group by series_code
)

select * from final
