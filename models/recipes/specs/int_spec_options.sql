{{ config(materialized='ephemeral') }}
{#-
The words that a column of def_specs.csv may hold, one row per choice and option. left_out also takes the indicators'
codes, which are the study's.
-#}
with

final as (
    select
        words.choice,
        words.choice_order,
        words.option_code,
        words.name_zh,
        words.name_en
    from (
        values
        ('normalization', 1, 'min_max', '极差标准化', 'min-max'),
        ('normalization', 1, 'z_score', 'Z 标准化', 'z-score'),
        ('normalization', 1, 'vector', '向量规范化', 'vector'),
        ('normalization', 1, 'sum', '比重法', 'sum'),
        ('shift', 2, '0', '不平移', 'no shift'),
        ('shift', 2, '0.0001', '平移 0.0001', 'shift 0.0001'),
        ('shift', 2, '0.001', '平移 0.001', 'shift 0.001'),
        ('shift', 2, '0.01', '平移 0.01', 'shift 0.01'),
        ('pool', 3, 'all_years', '各年合并', 'all years'),
        ('pool', 3, 'per_year', '逐年', 'per year'),
        ('pool', 3, 'base_year', '基年', 'base year'),
        ('weighting', 4, 'entropy', '熵权', 'entropy weights'),
        ('weighting', 4, 'equal', '等权', 'equal weights'),
        ('weighting', 4, 'critic', 'CRITIC 权重', 'CRITIC weights'),
        ('weighting', 4, 'entropy_critic', '熵权与 CRITIC 均值', 'mean of entropy and CRITIC'),
        ('weighting', 4, 'coefficient_of_variation', '变异系数权重', 'coefficient of variation'),
        ('weighting', 4, 'pca', '主成分载荷权重', 'principal-component loadings'),
        ('aggregation', 5, 'topsis', 'TOPSIS（加权矩阵）', 'TOPSIS'),
        ('aggregation', 5, 'topsis_w_once', 'TOPSIS（权重在根号内一次）', 'TOPSIS, weight once'),
        ('aggregation', 5, 'linear', '线性加权', 'linear'),
        ('aggregation', 5, 'geometric', '几何加权', 'geometric'),
        ('ideal', 6, 'pooled', '各年共同理想解', 'pooled ideal'),
        ('ideal', 6, 'per_year', '逐年理想解', 'ideal per year'),
        ('divisor', 7, 'ln_rows', '除以 ln(行数)', 'divided by ln rows'),
        ('divisor', 7, 'ln_years', '除以 ln(年数)', 'divided by ln years'),
        ('divisor', 7, 'ln_entities', '除以 ln(单位数)', 'divided by ln entities'),
        ('left_out', 8, 'none', '不剔除', 'nothing left out'),
        ('left_out', 8, 'each', '逐一剔除', 'each left out')
    ) as words (choice, choice_order, option_code, name_zh, name_en)
)

select * from final
