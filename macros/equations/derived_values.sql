{# The query of the derived series of one step, from the rows of a relation that are known before it.

    sum      left_t + right_t                      product  left_t * right_t         ratio  left_t / right_t
    splice   right_t from the base year on; before it left_t * right_base / left_base
    chain    left_base * prod(right_s / 100) over the years from the base to t (divided going back);
             the index series says "previous year = 100", its product is exp(sum(ln))
    deflate  left_t / prod(right_s / 100) over the years from the base to t (multiplied going back): left in the prices of the
             base year, where right is a price index that says "previous year = 100"

   each times the multiplier. A row is made only where every input of it exists; a division by zero or a
   non-positive index gives no row. A row is imputed as soon as one of its inputs is. #}
{% macro derived_values(step, known) -%}
with

definitions as (
    select * from {{ ref('stg_derived_series') }}
    where step = {{ step }}
),

inputs as (
    select left_series as series_code from definitions
    union
    select right_series as series_code from definitions
),

known as (
    select * from {{ known }}
    where series_code in (select series_code from inputs)
),

base_levels as (
    select
        definitions.series_code,
        left_known.entity_code,
        left_known.series_value as left_value,
        left_known.is_imputed as left_is_imputed
    from definitions
    inner join known as left_known
        on definitions.left_series = left_known.series_code and definitions.base_year = left_known.year
    where definitions.operation in ('splice', 'chain')
),

combined as (
    select
        definitions.series_code,
        left_known.entity_code,
        left_known.year,
        case definitions.operation
            when 'sum' then left_known.series_value + right_known.series_value
            when 'product' then left_known.series_value * right_known.series_value
            when 'ratio' then left_known.series_value / nullif(right_known.series_value, 0)
        end as series_value,
        left_known.is_imputed or right_known.is_imputed as is_imputed
    from definitions
    inner join known as left_known
        on definitions.left_series = left_known.series_code
    inner join known as right_known
        on
            definitions.right_series = right_known.series_code
            and left_known.entity_code = right_known.entity_code
            and left_known.year = right_known.year
    where definitions.operation in ('sum', 'product', 'ratio')
),

spliced_later as (
    select
        definitions.series_code,
        right_known.entity_code,
        right_known.year,
        right_known.series_value,
        right_known.is_imputed
    from definitions
    inner join known as right_known
        on definitions.right_series = right_known.series_code and definitions.base_year <= right_known.year
    where definitions.operation = 'splice'
),

spliced_earlier as (
    select
        definitions.series_code,
        left_known.entity_code,
        left_known.year,
        left_known.series_value * (meeting.series_value / nullif(base_levels.left_value, 0)) as series_value,
        left_known.is_imputed or meeting.is_imputed or base_levels.left_is_imputed as is_imputed
    from definitions
    inner join known as left_known
        on definitions.left_series = left_known.series_code and definitions.base_year > left_known.year
    inner join base_levels
        on definitions.series_code = base_levels.series_code and left_known.entity_code = base_levels.entity_code
    inner join spliced_later as meeting
        on
            definitions.series_code = meeting.series_code
            and left_known.entity_code = meeting.entity_code
            and definitions.base_year = meeting.year
    where definitions.operation = 'splice'
),

-- One link leads from the base towards a year: forward it multiplies, going back it divides.
links as (
    select
        definitions.series_code,
        right_known.entity_code,
        definitions.base_year,
        case when right_known.year > definitions.base_year then right_known.year else right_known.year - 1 end as year,
        case when right_known.year > definitions.base_year then 1 else -1 end as heading,
        case when right_known.series_value > 0 then ln(right_known.series_value / 100) end as log_growth,
        right_known.is_imputed
    from definitions
    inner join known as right_known
        on definitions.right_series = right_known.series_code
    where definitions.operation in ('chain', 'deflate')
),

cumulated as (
    select
        series_code,
        entity_code,
        year,
        abs(year - base_year) as years_from_base,
        sum(heading * log_growth) over path as log_change,
        count(log_growth) over path as link_count,
        max(cast(is_imputed as integer)) over path as any_imputed
    from links
    window
        path as (
            partition by series_code, entity_code, heading
            order by abs(year - base_year)
            rows between unbounded preceding and current row
        )
),

chained as (
    select
        base_levels.series_code,
        base_levels.entity_code,
        cumulated.year,
        base_levels.left_value * exp(cumulated.log_change) as series_value,
        base_levels.left_is_imputed or cumulated.any_imputed = 1 as is_imputed
    from base_levels
    inner join cumulated
        on
            base_levels.series_code = cumulated.series_code
            and base_levels.entity_code = cumulated.entity_code
            and cumulated.years_from_base = cumulated.link_count
    union all
    select
        definitions.series_code,
        base_levels.entity_code,
        definitions.base_year as year,
        base_levels.left_value as series_value,
        base_levels.left_is_imputed as is_imputed
    from definitions
    inner join base_levels on definitions.series_code = base_levels.series_code
    where definitions.operation = 'chain'
),

-- The price level of a year is 1 in the base year.
deflated as (
    select
        definitions.series_code,
        left_known.entity_code,
        left_known.year,
        left_known.series_value * exp(-cumulated.log_change) as series_value,
        left_known.is_imputed or cumulated.any_imputed = 1 as is_imputed
    from definitions
    inner join known as left_known
        on definitions.left_series = left_known.series_code
    inner join cumulated
        on
            definitions.series_code = cumulated.series_code
            and left_known.entity_code = cumulated.entity_code
            and left_known.year = cumulated.year
            and cumulated.years_from_base = cumulated.link_count
    where definitions.operation = 'deflate'
    union all
    select
        definitions.series_code,
        left_known.entity_code,
        left_known.year,
        left_known.series_value,
        left_known.is_imputed
    from definitions
    inner join known as left_known
        on definitions.left_series = left_known.series_code and definitions.base_year = left_known.year
    where definitions.operation = 'deflate'
),

derived as (
    select * from combined
    union all
    select * from spliced_later
    union all
    select * from spliced_earlier
    union all
    select * from chained
    union all
    select * from deflated
),

final as (
    select
        derived.entity_code,
        derived.year,
        derived.series_code,
        derived.series_value * definitions.multiplier as series_value,
        true as is_derived,
        derived.is_imputed,
        definitions.operation || ' of ' || definitions.left_series || ' and ' || definitions.right_series
        || coalesce(' at ' || cast(definitions.base_year as string), '')
        || coalesce('; ' || definitions.note, '') as note
    from derived
    inner join definitions on derived.series_code = definitions.series_code
    where derived.series_value is not null
)

select * from final
{%- endmacro %}
