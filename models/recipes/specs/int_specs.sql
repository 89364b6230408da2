{#-
Every candidate with the first rule that refuses it. Ways that share their weights share a weight_key. A candidate that
is the same recipe as an earlier one names that one in same_as, so that nothing need be counted twice.
-#}
with

facts as (
    select * from {{ ref('int_spec_facts') }}
),

-- Given weights are the study's: of every indicator, or of none.
given as (
    select count(*) > 0 and count(*) = count(weight) as has_weights
    from {{ ref('stg_indicators') }}
),

judged as (
    select
        candidates.*,
        case
            when
                candidates.normalization = 'z_score'
                and candidates.weighting in ('entropy', 'entropy_critic', 'coefficient_of_variation')
                then 'z_scores_have_no_proportions'
            when candidates.weighting = 'given' and not given.has_weights then 'weights_not_given'
            when candidates.normalization = 'z_score' and candidates.weighting = 'standard_deviation'
                then 'z_scores_have_one_deviation'
            when
                facts.lowest_raw_value < 0
                and (
                    candidates.normalization = 'sum'
                    or (
                        candidates.normalization = 'vector'
                        and candidates.weighting in ('entropy', 'entropy_critic', 'coefficient_of_variation')
                    )
                )
                then 'negative_values'
            when candidates.divisor != 'ln_rows' and candidates.weighting not in ('entropy', 'entropy_critic')
                then 'divisor_without_entropy'
            when
                (candidates.divisor = 'ln_entities' and (candidates.pool != 'all_years' or facts.year_count = 1))
                or (candidates.divisor = 'ln_years' and candidates.pool = 'all_years' and facts.entity_count = 1)
                then 'divisor_is_the_same'
            when
                (candidates.divisor = 'ln_years' and facts.year_count = 1)
                or (candidates.divisor = 'ln_entities' and facts.entity_count = 1)
                then 'divisor_is_zero'
            when candidates.divisor != 'ln_rows' and not candidates.is_wrong then 'divisor_is_wrong'
            when candidates.divisor = 'ln_rows' and candidates.is_wrong then 'nothing_is_wrong'
            when candidates.ideal = 'per_year' and candidates.aggregation not in ('topsis', 'topsis_w_once')
                then 'ideal_without_topsis'
            when
                facts.year_count = 1
                and (candidates.pool in ('per_year', 'base_year') or candidates.ideal = 'per_year')
                then 'one_year'
            when
                candidates.pool = 'per_year'
                and candidates.ideal = 'pooled'
                and candidates.aggregation in ('topsis', 'topsis_w_once')
                then 'pooled_ideal_of_yearly_values'
            when
                candidates.shift > 0
                and candidates.weighting in ('equal', 'given', 'standard_deviation', 'critic', 'pca')
                and candidates.aggregation in ('topsis', 'topsis_w_once')
                then 'shift_without_effect'
            when
                facts.varying_indicators = 0
                or (candidates.ideal = 'per_year' and facts_of_years.varying_indicators = 0)
                then 'nothing_varies'
            when candidates.aggregation = 'geometric' and facts.lowest_value + candidates.shift <= 0
                then 'geometric_needs_positive_values'
            when candidates.weighting in ('critic', 'entropy_critic') and facts.contrast < 1e-12 then 'no_contrast'
        end as refusal_code
    from {{ ref('int_spec_candidates') }} as candidates
    inner join facts
        on
            candidates.normalization = facts.normalization
            and candidates.pool = facts.pool
            and candidates.left_out = facts.left_out
    cross join given
    inner join facts as facts_of_years
        on
            candidates.normalization = facts_of_years.normalization
            and facts_of_years.pool = 'per_year'
            and candidates.left_out = facts_of_years.left_out
),

numbered as (
    select
        judged.*,
        row_number() over (order by is_baseline desc, is_design, design_code, spec_code) as spec_key,
        dense_rank() over (order by normalization, shift, pool, weighting, divisor, left_out) as weight_key
    from judged
),

final as (
    select
        spec_code,
        cast(spec_key as integer) as spec_key,
        cast(weight_key as integer) as weight_key,
        design_code,
        name_zh,
        name_en,
        normalization,
        shift,
        pool,
        weighting,
        aggregation,
        ideal,
        divisor,
        left_out,
        is_design,
        is_baseline,
        is_wrong,
        refusal_code,
        refusal_code is null as is_valid,
        first_value(spec_code) over (
            partition by weight_key, aggregation, ideal, refusal_code is null
            order by spec_key
        ) as same_as
    from numbered
)

select * from final
