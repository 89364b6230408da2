{{ config(materialized='ephemeral') }}
{#-
A13: with one instrument the reduced form is first stage x second stage, whatever the standard errors.
One instrument and one slope printed, so that slope is the endogenous regressor.
-#}
with

coefficients as (
    select * from {{ ref('audit_coefficients') }}
    where low is not null
),

stages as (
    select
        designs.table_code, designs.model_code, reduced.term,
        reduced.estimate_printed as reduced_printed, first_stage.estimate_printed as first_printed,
        second_stage.estimate_printed as second_printed,
        reduced.low as printed_low,
        reduced.high as printed_high,
        least(
            first_stage.low * second_stage.low, first_stage.low * second_stage.high,
            first_stage.high * second_stage.low, first_stage.high * second_stage.high
        ) as implied_low,
        greatest(
            first_stage.low * second_stage.low, first_stage.low * second_stage.high,
            first_stage.high * second_stage.low, first_stage.high * second_stage.high
        ) as implied_high
    from {{ ref('audit_columns') }} as designs
    inner join coefficients as first_stage
        on
            designs.table_code = first_stage.table_code and designs.model_code = first_stage.model_code
            and designs.instrument = first_stage.term and first_stage.equation = 'first_stage'
    inner join coefficients as reduced
        on
            designs.table_code = reduced.table_code and designs.model_code = reduced.model_code
            and first_stage.term = reduced.term and reduced.equation = 'reduced_form'
    inner join coefficients as second_stage
        on
            designs.table_code = second_stage.table_code and designs.model_code = second_stage.model_code
            and second_stage.term != 'constant' and second_stage.equation = 'main'
    where designs.n_instruments = 1 and designs.n_endogenous = 1 and designs.printed_slopes = 1
),

judged as (
    select
        *,
        case
            when printed_high >= implied_low and printed_low <= implied_high then 'consistent'
            else 'inconsistent as printed'
        end as verdict
    from stages
),

final as (
    select
        'A13' as rule, 'A13' as reason, table_code, model_code,
        printed_low, printed_high, implied_low, implied_high, verdict, verdict as conclusion,
        {{ arguments({
            'term': 'term', 'reduced_form': 'reduced_printed', 'first_stage': 'first_printed',
            'second_stage': 'second_printed',
        }) }} as arguments
    from judged
)

select * from final
