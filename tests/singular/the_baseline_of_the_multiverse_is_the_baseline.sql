{{ config(tags=['multiverse']) }}
{# One row of the multiverse is the baseline: the second chain gives the scores, ranks and weights of the first. #}
with

compared_scores as (
    select
        scores.index_code as code,
        abs(spec_scores.score - scores.score) <= 1e-12 and spec_scores.rank = scores.rank as is_same
    from {{ ref('index_scores') }} as scores
    inner join {{ ref('stg_indices') }} as indices on scores.index_code = indices.index_code
    left join {{ ref('spec_scores') }} as spec_scores
        on
            scores.spec_code = spec_scores.spec_code
            and scores.index_code = spec_scores.index_code
            and scores.entity_code = spec_scores.entity_code
            and scores.year = spec_scores.year
),

compared_weights as (
    select
        weights.indicator_code as code,
        abs(spec_weights.weight - weights.weight) <= 1e-12 as is_same
    from {{ ref('indicator_weights') }} as weights
    left join {{ ref('spec_weights') }} as spec_weights
        on
            weights.spec_code = spec_weights.spec_code
            and weights.index_code = spec_weights.index_code
            and weights.indicator_code = spec_weights.indicator_code
),

compared as (
    select * from compared_scores
    union all
    select * from compared_weights
)

select * from compared
where not coalesce(is_same, false)
