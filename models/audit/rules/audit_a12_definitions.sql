{{ config(materialized='ephemeral') }}
{#-
A12: lowest_possible <= minimum and maximum <= highest_possible, the bounds that follow from the definition of a variable.
-#}
with

definitions as (
    select * from {{ ref('published_descriptives') }}
),

bounds as (
    select
        described.*,
        coalesce(definitions.printed_definition, described.variable_code) as definition,
        coalesce({{ plain_number('definitions.lowest_possible') }}, -cast('infinity' as double)) as lowest,
        coalesce({{ plain_number('definitions.highest_possible') }}, cast('infinity' as double)) as highest
    from {{ ref('audit_described') }} as described
    inner join definitions on described.variable_code = definitions.variable_code
    where coalesce(definitions.lowest_possible, definitions.highest_possible) is not null
),

judged as (
    select
        *,
        case
            when min_high is null then 'not decidable'
            when min_high < lowest or max_low > highest then 'inconsistent as printed'
            else 'consistent'
        end as verdict
    from bounds
),

final as (
    select
        'A12' as rule, 'A12.range' as reason, 'descriptives' as table_code, variable_code as model_code,
        min_high as printed_low, max_low as printed_high, lowest as implied_low, highest as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({'min': 'min_printed', 'max': 'max_printed', 'definition': 'definition'}) }} as arguments
    from judged
)

select * from final
