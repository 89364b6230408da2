{#-
Every candidate with the first rule that refuses it. Ways that share their weights share a weight_key. A candidate that
is the same recipe as an earlier one names that one in same_as, so that nothing need be counted twice.
-#}
with

candidates as (
    select
        *,
        case scored_on when 'same' then normalization else scored_on end as scored_normalization,
        case rescaling when 'none' then 0 else cast(split_part(rescaling, '-', 1) as double) end as range_low,
        case rescaling when 'none' then 1 else cast(split_part(rescaling, '-', 2) as double) end as range_high,
        case when entropy_shift = 'none' then 'none' else split_part(entropy_shift, '_', 1) end as entropy_shift_of,
        case when entropy_shift = 'none' then 0 else cast(split_part(entropy_shift, '_', 2) as double) end
            as entropy_shift_by
    from {{ ref('int_spec_candidates') }}
),

facts as (
    select * from {{ ref('int_spec_facts') }}
),

-- Given weights are the study's: of every indicator that a recipe weighs, or of none; and so are goalposts.
given as (
    select
        readers.is_for_baseline,
        count(*) = count(indicators.weight) as has_weights,
        count(*) = count(indicators.goalpost_low + indicators.goalpost_high) as has_goalposts
    from {{ ref('stg_indicators') }} as indicators
    inner join {{ ref('stg_indices') }} as indices on indicators.index_code = indices.index_code
    inner join (values (true), (false)) as readers (is_for_baseline)
        on readers.is_for_baseline or indices.recipes = 'all'
    group by readers.is_for_baseline
),

judged as (
    select
        candidates.*,
        case
            when
                candidates.pool = 'goalposts'
                and (
                    position('min_max' in candidates.normalization) = 0
                    or position('min_max' in candidates.scored_normalization) = 0
                )
                then 'goalposts_need_min_max'
            when candidates.pool = 'goalposts' and not coalesce(given.has_goalposts, false) then 'goalposts_not_given'
            when position('_unturned' in candidates.normalization) > 0 and facts.normalization is null
                then 'nothing_to_turn'
            when
                candidates.normalization = 'z_score'
                and candidates.weighting in ('entropy', 'entropy_critic', 'coefficient_of_variation')
                then 'z_scores_have_no_proportions'
            when candidates.weighting = 'given' and not coalesce(given.has_weights, false) then 'weights_not_given'
            when candidates.normalization = 'z_score' and candidates.weighting = 'standard_deviation'
                then 'z_scores_have_one_deviation'
            when
                facts.lowest_raw_value < 0
                and (
                    'sum' in (candidates.normalization, candidates.scored_normalization)
                    or candidates.normalization = 'sum_unturned'
                    or (
                        candidates.normalization in ('vector', 'vector_unturned')
                        and candidates.weighting in ('entropy', 'entropy_critic', 'coefficient_of_variation')
                    )
                )
                then 'negative_values'
            when candidates.divisor != 'ln_rows' and candidates.weighting not in ('entropy', 'entropy_critic')
                then 'divisor_without_entropy'
            when
                (
                    candidates.divisor = 'ln_entities'
                    and (candidates.pool in ('per_year', 'base_year') or facts.year_count = 1)
                )
                or (
                    candidates.divisor = 'ln_years'
                    and candidates.pool not in ('per_year', 'base_year')
                    and facts.entity_count = 1
                )
                then 'divisor_is_the_same'
            when
                (candidates.divisor = 'ln_years' and facts.year_count = 1)
                or (candidates.divisor = 'ln_entities' and facts.entity_count = 1)
                then 'divisor_is_zero'
            when candidates.has_mistake and not candidates.is_wrong then 'option_is_wrong'
            when not candidates.has_mistake and candidates.is_wrong then 'nothing_is_wrong'
            when candidates.ideal = 'per_year' and candidates.aggregation not in ('topsis', 'topsis_w_once')
                then 'ideal_without_topsis'
            when
                facts.year_count = 1
                and (
                    candidates.pool in ('per_year', 'base_year', 'base_year_bounds') or candidates.ideal = 'per_year'
                )
                then 'one_year'
            when
                candidates.pool = 'per_year'
                and candidates.ideal = 'pooled'
                and candidates.aggregation in ('topsis', 'topsis_w_once')
                then 'pooled_ideal_of_yearly_values'
            when candidates.rescaling != 'none' and position('min_max' in candidates.normalization) = 0
                then 'rescaling_needs_min_max'
            when candidates.entropy_shift_of = 'p' and candidates.aggregation = 'topsis_w_once'
                then 'weights_may_be_negative'
            when candidates.entropy_shift != 'none' and candidates.weighting not in ('entropy', 'entropy_critic')
                then 'entropy_shift_without_entropy'
            when
                candidates.entropy_shift_of = 'z'
                and (candidates.aggregation in ('topsis', 'topsis_w_once') or candidates.scored_on != 'same')
                then 'entropy_shift_is_the_shift'
            when candidates.scored_on != 'same' and candidates.scored_on = candidates.normalization
                then 'scored_on_the_same'
            when candidates.scored_on != 'same' and candidates.weighting in ('equal', 'given', 'pca')
                then 'weights_without_normalization'
            when
                (candidates.shift > 0 or candidates.rescaling != 'none')
                and candidates.weighting in ('equal', 'given', 'standard_deviation', 'critic', 'pca')
                and (candidates.aggregation in ('topsis', 'topsis_w_once') or candidates.scored_on != 'same')
                then 'shift_without_effect'
            when
                facts.varying_indicators = 0
                or (candidates.ideal = 'per_year' and facts_of_years.varying_indicators = 0)
                then 'nothing_varies'
            when
                candidates.aggregation = 'geometric'
                and case candidates.scored_on
                    when 'same' then {{ rescaled('facts.lowest_value', 'candidates') }}
                    else facts_of_scored.lowest_value
                end <= 0
                then 'geometric_needs_positive_values'
            when candidates.weighting in ('critic', 'entropy_critic') and facts.contrast < 1e-12 then 'no_contrast'
        end as refusal_code
    from candidates
    left join given on candidates.is_baseline = given.is_for_baseline
    left join facts
        on
            candidates.is_baseline = facts.is_for_baseline
            and candidates.normalization = facts.normalization
            and candidates.pool = facts.pool
            and candidates.left_out = facts.left_out
    left join facts as facts_of_scored
        on
            candidates.is_baseline = facts_of_scored.is_for_baseline
            and candidates.scored_normalization = facts_of_scored.normalization
            and candidates.pool = facts_of_scored.pool
            and candidates.left_out = facts_of_scored.left_out
    left join facts as facts_of_years
        on
            candidates.is_baseline = facts_of_years.is_for_baseline
            and candidates.normalization = facts_of_years.normalization
            and facts_of_years.pool = 'per_year'
            and candidates.left_out = facts_of_years.left_out
),

based as (
    select
        judged.*,
        dense_rank() over (order by range_low, range_high, shift, entropy_shift_of, entropy_shift_by) as basis_key
    from judged
),

numbered as (
    select
        based.*,
        row_number() over (order by is_baseline desc, is_design, design_code, spec_code) as spec_key,
        dense_rank() over (order by normalization, basis_key, pool, weighting, divisor, left_out) as weight_key,
        dense_rank() over (
            order by normalization, basis_key, pool, weighting, scored_on, aggregation, ideal, divisor
        ) as whole_key
    from based
),

final as (
    select
        spec_code,
        cast(spec_key as integer) as spec_key,
        cast(weight_key as integer) as weight_key,
        cast(basis_key as integer) as basis_key,
        cast(whole_key as integer) as whole_key,
        design_code,
        name_zh,
        name_en,
        normalization,
        rescaling,
        cast(range_low as double) as range_low,
        cast(range_high as double) as range_high,
        shift,
        entropy_shift,
        cast(case entropy_shift_of when 'z' then entropy_shift_by else 0 end as double) as shift_in_entropy,
        cast(case entropy_shift_of when 'p' then entropy_shift_by else 0 end as double) as shift_of_proportions,
        cast(case entropy_shift_of when 'ln' then entropy_shift_by else 0 end as double) as shift_in_logarithm,
        pool,
        weighting,
        scored_on,
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
            partition by weight_key, scored_on, aggregation, ideal, refusal_code is null
            order by spec_key
        ) as same_as
    from numbered
)

select * from final
