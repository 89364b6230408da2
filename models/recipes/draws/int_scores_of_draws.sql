{#-
TOPSIS scores of the baseline in every draw of weights, entities or indicators:
    C = sqrt(a) / (sqrt(a) + sqrt(b)),   a, b the sums of squared weighted values and shortfalls
Without its only indicator a row has no score. Around another baseline than the classical one nothing is drawn.
-#}
with

baseline as (
    select is_classical from {{ ref('stg_specs') }}
    where is_baseline
),

weighted_values as (
    select
        'dirichlet' as source,
        *
    from {{ ref('int_weighted_by_dirichlet') }}
    union all
    select
        'bootstrap' as source,
        *
    from {{ ref('int_weighted_by_bootstrap') }}
    union all
    select
        'leave_one_out' as source,
        *
    from {{ ref('int_weighted_without_one') }}
),

distances as (
    select
        source,
        draw,
        row_key,
        sqrt({{ exact_sum('weighted_shortfall * weighted_shortfall') }}) as to_ideal,
        sqrt({{ exact_sum('weighted_value * weighted_value') }}) as to_anti_ideal
    from weighted_values
    group by source, draw, row_key
),

scores as (
    select
        source,
        draw,
        row_key,
        {{ closeness('to_anti_ideal', 'to_ideal') }} as score
    from distances
),

final as (
    select scores.* from scores
    cross join baseline
    where baseline.is_classical and (scores.score is not null or scores.source != 'leave_one_out')
)

select * from final
