{#-
Every cell in which an indicator and another measure of it both exist, with their places among the entities of the year (ties
share the mean of their places).
-#}
with

agreements as (
    select * from {{ ref('int_compared_measures') }}
),

compared_values as (
    select * from {{ ref('int_series_values') }}
    where
        series_code in (select agreements.numerator_series from agreements)
        or series_code in (select agreements.denominator_series from agreements)
),

matched as (
    select
        agreements.index_code,
        agreements.indicator_code,
        agreements.other_code,
        cells.entity_code,
        cells.year,
        cells.indicator_value,
        {{ quotient_of_series('agreements') }} as other_value,
        cells.is_imputed or numerators.is_imputed or coalesce(denominators.is_imputed, false) as is_imputed
    from {{ ref('int_indicator_cells') }} as cells
    inner join agreements on cells.indicator_key = agreements.indicator_key
    inner join compared_values as numerators
        on
            agreements.numerator_series = numerators.series_code
            and cells.entity_code = numerators.entity_code
            and cells.year = numerators.year
    left join compared_values as denominators
        on
            agreements.denominator_series = denominators.series_code
            and cells.entity_code = denominators.entity_code
            and cells.year = denominators.year
),

finite as (
    select * from matched
    where abs(indicator_value) < cast('infinity' as double) and abs(other_value) < cast('infinity' as double)
),

final as (
    select
        finite.*,
        {{ mean_rank('indicator_value', ['index_code', 'indicator_code', 'other_code', 'year']) }} as indicator_rank,
        {{ mean_rank('other_value', ['index_code', 'indicator_code', 'other_code', 'year']) }} as other_rank
    from finite
)

select * from final
