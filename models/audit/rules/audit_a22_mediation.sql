{{ config(materialized='ephemeral') }}
{#-
A22: three least-squares columns of one table on the same rows. Column b adds one regressor m to column a, column c explains m
by the regressors of a. Then for every regressor x of a
    total b_a(x) = direct b_b(x) + b_b(m) b_c(x)            the algebra of an omitted variable; Baron and Kenny (1986)
whatever the standard errors. Controls that are not printed do no harm where they are the same in all three.
-#}
with

slopes as (
    select * from {{ ref('audit_coefficients') }}
    where equation = 'main' and term != 'constant' and low is not null
),

least_squares as (
    select * from {{ ref('audit_columns') }}
    where not is_iv and n_obs is not null and printed_slopes > 0
),

common_slopes as (
    select a.table_code, a.model_code as model_a, b.model_code as model_b, count(*) as common
    from slopes as a
    inner join slopes as b
        on a.table_code = b.table_code and a.term = b.term and a.model_code != b.model_code
    group by a.table_code, a.model_code, b.model_code
),

-- Two columns on the same rows with the same effects, all regressors of the first in the second.
within as (
    select
        a.table_code, a.model_code as model_a, b.model_code as model_b,
        a.outcome as outcome_a, b.outcome as outcome_b,
        b.printed_slopes - a.printed_slopes as added
    from least_squares as a
    inner join common_slopes
        on a.table_code = common_slopes.table_code and a.model_code = common_slopes.model_a
    inner join least_squares as b
        on common_slopes.table_code = b.table_code and common_slopes.model_b = b.model_code
    where
        common_slopes.common = a.printed_slopes
        and a.n_obs = b.n_obs
        and coalesce(a.effects, '') = coalesce(b.effects, '')
        and b.slopes - b.printed_slopes = a.slopes - a.printed_slopes
),

mediated as (
    select
        direct.table_code, direct.model_a, direct.model_b, mediator.model_b as model_c, path.term as mediator,
        path.estimate_printed as path_printed, path.low as path_low, path.high as path_high
    from within as direct
    inner join slopes as path
        on direct.table_code = path.table_code and direct.model_b = path.model_code
    left join slopes as known
        on path.table_code = known.table_code and direct.model_a = known.model_code and path.term = known.term
    inner join within as mediator
        on
            direct.table_code = mediator.table_code and direct.model_a = mediator.model_a
            and mediator.added = 0 and path.term = mediator.outcome_b
    where direct.added = 1 and direct.outcome_a = direct.outcome_b and known.term is null
),

effects as (
    select
        mediated.table_code, mediated.model_a as model_code, mediated.model_b, mediated.model_c, mediated.mediator,
        total.term, total.estimate_printed as total_printed, direct.estimate_printed as direct_printed,
        first_path.estimate_printed as first_printed, mediated.path_printed,
        total.low as printed_low,
        total.high as printed_high,
        direct.low + least(
            first_path.low * mediated.path_low, first_path.low * mediated.path_high,
            first_path.high * mediated.path_low, first_path.high * mediated.path_high
        ) as implied_low,
        direct.high + greatest(
            first_path.low * mediated.path_low, first_path.low * mediated.path_high,
            first_path.high * mediated.path_low, first_path.high * mediated.path_high
        ) as implied_high
    from mediated
    inner join slopes as total
        on mediated.table_code = total.table_code and mediated.model_a = total.model_code
    inner join slopes as direct
        on mediated.table_code = direct.table_code and mediated.model_b = direct.model_code and total.term = direct.term
    inner join slopes as first_path
        on
            mediated.table_code = first_path.table_code and mediated.model_c = first_path.model_code
            and total.term = first_path.term
),

judged as (
    select
        *,
        case
            when printed_high >= implied_low and printed_low <= implied_high then 'consistent'
            else 'inconsistent as printed'
        end as verdict
    from effects
),

final as (
    select
        'A22' as rule, 'A22' as reason, table_code, model_code,
        printed_low, printed_high, implied_low, implied_high, verdict, verdict as conclusion,
        {{ arguments({
            'term': 'term', 'total': 'total_printed', 'direct': 'direct_printed', 'first': 'first_printed',
            'path': 'path_printed', 'mediator': 'mediator', 'model_b': 'model_b', 'model_c': 'model_c',
        }) }} as arguments
    from judged
)

select * from final
