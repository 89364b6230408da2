{{ config(materialized='ephemeral') }}
{#- Why a way of building the index is refused, and how to mend it. -#}
with

final as (
    select
        reasons.refusal_code,
        reasons.refusal_zh,
        reasons.refusal_en
    from (
        values
        (
            'z_scores_have_no_proportions',
            'Z 分数有正有负，没有比重，熵权和变异系数无从谈起。请改用 min_max、vector 或 sum。',
            'z-scores are negative in part and have no proportions, so entropy and coefficient of variation do not '
            || 'exist. Use min_max, vector or sum.'
        ),
        (
            'negative_values',
            '有指标取负值，向量法和比重法的比重没有意义。请改用 min_max。',
            'an indicator has negative values, so its proportions under vector or sum mean nothing. Use min_max.'
        ),
        (
            'divisor_without_entropy',
            '不用熵权时除数不起作用。请写 ln_rows。',
            'the divisor changes nothing where no entropy is taken. Write ln_rows.'
        ),
        (
            'divisor_is_the_same',
            '此处该除数就是所用样本的行数，与 ln_rows 相同。请写 ln_rows。',
            'this divisor is the number of rows of the pool and changes nothing. Write ln_rows.'
        ),
        (
            'divisor_is_zero',
            'ln 1 = 0，不能作除数。请写 ln_rows。',
            'ln 1 is 0 and divides nothing. Write ln_rows.'
        ),
        (
            'divisor_is_wrong',
            '正确的除数是 ln_rows；ln_years 和 ln_entities 是流传的错误。请写 ln_rows，或将 is_wrong 设为 true 以示其后果。',
            'the right divisor is ln_rows; ln_years and ln_entities are mistakes in circulation. Write ln_rows, or set '
            || 'is_wrong to true to show what the mistake does.'
        ),
        (
            'nothing_is_wrong',
            'is_wrong 为 true，但除数是正确的。请将 is_wrong 留空。',
            'is_wrong is true, but the divisor is right. Leave is_wrong blank.'
        ),
        (
            'ideal_without_topsis',
            '线性和几何加权没有理想解。请将 ideal 写为 pooled。',
            'linear and geometric aggregation have no ideal. Write pooled for the ideal.'
        ),
        (
            'pooled_ideal_of_yearly_values',
            '逐年的标准化与权重不可共用一个理想解。请将 ideal 写为 per_year。',
            'values and weights of each year by itself share no ideal. Write per_year for the ideal.'
        ),
        (
            'one_year',
            '指数只有一年，逐年与基年不起作用。请写 all_years 和 pooled。',
            'the index has one year, so per_year and base_year change nothing. Write all_years and pooled.'
        ),
        (
            'shift_without_effect',
            '对 TOPSIS 与此权重而言平移不起作用。请将 shift 写为 0。',
            'a shift changes neither these weights nor the distances of TOPSIS. Write 0 for the shift.'
        ),
        (
            'geometric_needs_positive_values',
            '几何加权要求标准化值均为正。请加平移，或改用其他标准化或集结方式。',
            'the geometric mean needs positive normalized values. Add a shift, or use another normalization or '
            || 'aggregation.'
        ),
        (
            'nothing_varies',
            '在某一样本中没有任何指标有变化。请换用样本，或保留更多指标。',
            'in some pool no indicator varies. Use another pool, or keep more indicators.'
        ),
        (
            'no_contrast',
            'CRITIC 至少需要两个不完全相关的指标。请换用其他权重。',
            'CRITIC needs two indicators that are not perfectly correlated. Use another weighting.'
        )
    ) as reasons (refusal_code, refusal_zh, refusal_en)
)

select * from final
