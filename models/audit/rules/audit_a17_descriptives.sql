{{ config(materialized='ephemeral') }}
{#-
A17, a printed row against the official figures: one row per printed variable that has candidates.
A row is called inconsistent only where the study measures the definition as it stands (closeness A), another definition
reproduces at least three of the four figures, and at least two more than the definition does.
-#}
with

matches as (
    select * from {{ ref('audit_matches') }}
),

printed as (
    select
        variable_code, mean as printed_mean, std_dev as printed_std_dev, min as printed_min, max as printed_max
    from {{ ref('published_descriptives') }}
),

rows_compared as (
    select
        printed.*,
        best.candidate, best.candidate_variable, best.reproduced, best.digits, best.digits_printed,
        best.worst_deviation, best.mean, best.std_dev, best.min, best.max, best.is_as_defined as best_is_as_defined,
        own.reproduced as own_reproduced, own.digits as own_digits, own.worst_deviation as own_deviation,
        own.mean as own_mean, own.std_dev as own_std_dev, own.min as own_min, own.max as own_max,
        variables.closeness,
        case
            when own.reproduced = 4 then 'consistent'
            when
                best.reproduced >= 3 and own.reproduced <= best.reproduced - 2
                and coalesce(variables.closeness, 'A') = 'A' and not best.is_as_defined
                then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from printed
    inner join matches as best on printed.variable_code = best.variable_code and best.place = 1
    left join matches as own on printed.variable_code = own.variable_code and own.is_as_defined
    left join {{ ref('stg_variables') }} as variables on printed.variable_code = variables.variable_code
),

final as (
    select
        'A17' as rule,
        case
            when reproduced < 3 and worst_deviation > 0.25 then 'A17.unlike'
            when reproduced < 3 then 'A17.resembling'
            else 'A17.reproduced'
        end as reason,
        'descriptives' as table_code, variable_code as model_code,
        cast(null as double) as printed_low, cast(null as double) as printed_high,
        cast(reproduced as double) as implied_low, 4.0 as implied_high, verdict,
        case
            when best_is_as_defined then 'as_defined'
            when own_reproduced is null then 'no_series'
            else verdict
        end as conclusion,
        {{ arguments({
            'printed_mean': 'printed_mean', 'printed_std_dev': 'printed_std_dev', 'printed_min': 'printed_min',
            'printed_max': 'printed_max',
            'candidate': "candidate || coalesce(' (' || nullif(candidate_variable, variable_code) || ')', '')",
            'mean': 'mean', 'std_dev': 'std_dev', 'min': 'min', 'max': 'max',
            'digits': 'digits', 'digits_printed': 'digits_printed', 'worst_deviation': 'worst_deviation',
            'own_mean': 'own_mean', 'own_std_dev': 'own_std_dev', 'own_min': 'own_min', 'own_max': 'own_max',
            'own_reproduced': 'own_reproduced',
        }) }} as arguments
    from rows_compared
)

select * from final
