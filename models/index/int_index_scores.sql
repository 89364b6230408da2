{#-
    C = sqrt(a) / (sqrt(a) + sqrt(b)),   a, b the squared distances to the anti-ideal and to the ideal
of the classical baseline; another one is scored among the recipes (int_baseline_scores).
Rank 1 is the highest score of a year; a large table is sorted by numbers, so by index_key.
-#}
-- depends_on: {{ ref('int_squared_distances') }}
with

baseline as (
    select spec_code from {{ ref('stg_specs') }}
    where is_baseline
),

scores as (
    {% if baseline_is_classical() %}
        select
            index_key,
            index_code,
            entity_code,
            year,
            sqrt(to_ideal) as distance_to_ideal,
            sqrt(to_anti_ideal) as distance_to_anti_ideal,
            {{ closeness('sqrt(to_anti_ideal)', 'sqrt(to_ideal)') }} as score
        from {{ ref('int_squared_distances') }}
    {% else %}
        select * from {{ ref('int_baseline_scores') }}
    {% endif %}
),

ranked as (
    select
        scores.*,
        cast(rank() over (partition by index_key, year order by score desc nulls last) as integer) as rank
    from scores
),

imputed as (
    select distinct
        index_code,
        entity_code,
        year
    from {{ ref('int_imputed_rows') }}
    union all
    select
        index_code || '.' || dimension_code as index_code,
        entity_code,
        year
    from {{ ref('int_imputed_rows') }}
),

final as (
    select
        baseline.spec_code,
        ranked.index_code,
        ranked.entity_code,
        ranked.year,
        ranked.distance_to_ideal,
        ranked.distance_to_anti_ideal,
        ranked.score,
        ranked.rank,
        imputed.entity_code is not null as is_imputed
    from ranked
    cross join baseline
    left join imputed
        on
            ranked.index_code = imputed.index_code
            and ranked.entity_code = imputed.entity_code
            and ranked.year = imputed.year
)

select * from final
