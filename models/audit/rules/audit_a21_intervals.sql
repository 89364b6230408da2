{{ config(materialized='ephemeral') }}
{#-
A21, a printed confidence interval: the coefficient lies inside it, and half its width is a quantile times the standard
error, where the quantile is between those of the normal distribution and of t(2). An interval that is not symmetric
(a bootstrap, an inverted test), a wider one and one whose level is not stated are never more than not decidable.
-#}
with

quantiles (level, normal, widest) as (
    values (90, 1.6448536, 2.9199856), (95, 1.9599639, 4.3026528), (99, 2.5758293, 9.9248433)
),

ends as (
    select
        table_code, model_code, equation, term,
        max(case when quantity = 'conf_low' then printed end) as lower_printed,
        max(case when quantity = 'conf_low' then low end) as lower_low,
        max(case when quantity = 'conf_low' then high end) as lower_high,
        max(case when quantity = 'conf_high' then printed end) as upper_printed,
        max(case when quantity = 'conf_high' then low end) as upper_low,
        max(case when quantity = 'conf_high' then high end) as upper_high
    from {{ ref('audit_cells') }}
    where term is not null and quantity in ('conf_low', 'conf_high')
    group by table_code, model_code, equation, term
),

intervals as (
    select
        ends.*, coefficients.estimate_printed, coefficients.se_printed, coefficients.low, coefficients.high,
        (ends.upper_low - ends.lower_high) / 2 / nullif(coefficients.se_high, 0) as multiple_low,
        coalesce(
            (ends.upper_high - ends.lower_low) / 2 / nullif(coefficients.se_low, 0), cast('infinity' as double)
        ) as multiple_high,
        (ends.lower_low + ends.upper_low) / 2 <= coefficients.high
        and (ends.lower_high + ends.upper_high) / 2 >= coefficients.low as is_symmetric,
        quantiles.level is not null as is_level_stated,
        coalesce(quantiles.normal, 1.6448536) as normal,
        coalesce(quantiles.widest, 9.9248433) as widest
    from ends
    inner join {{ ref('audit_coefficients') }} as coefficients
        on
            ends.table_code = coefficients.table_code and ends.model_code = coefficients.model_code
            and ends.equation = coefficients.equation and ends.term = coefficients.term
    left join {{ ref('audit_columns') }} as printed_columns
        on
            ends.table_code = printed_columns.table_code and ends.model_code = printed_columns.model_code
    left join quantiles on printed_columns.conf_level = quantiles.level
    where coefficients.low is not null and ends.lower_low is not null and ends.upper_low is not null
),

judged as (
    select
        *, 'A21.inside' as reason, low as printed_low, high as printed_high,
        lower_low as implied_low, upper_high as implied_high, '' as said_of,
        case when high < lower_low or low > upper_high then 'inconsistent as printed' else 'consistent' end as verdict
    from intervals
    union all
    select
        *, 'A21.width' as reason, multiple_low as printed_low, multiple_high as printed_high,
        normal as implied_low, widest as implied_high, 'width ' as said_of,
        case
            when multiple_high >= normal and multiple_low <= widest then 'consistent'
            when multiple_high < normal and is_symmetric and is_level_stated then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from intervals
    where multiple_low is not null
),

final as (
    select
        'A21' as rule, reason, table_code, model_code,
        printed_low, printed_high, implied_low, implied_high, verdict, said_of || verdict as conclusion,
        {{ arguments({
            'place': "case when equation != 'main' then equation || ', ' else '' end", 'term': 'term',
            'estimate': 'estimate_printed', 'std_error': 'se_printed', 'lower': 'lower_printed',
            'upper': 'upper_printed',
        }) }} as arguments
    from judged
)

select * from final
