{#-
Entropy weights (Shannon), with p_ij = y_ij / S_j over the rows of the pool, y the rescaled and shifted basis of proportions:
    e_j = (ln S_j - sum_i y_ij ln y_ij / S_j) / ln n,   d_j = 1 - e_j,   w_j = d_j / sum_j d_j
or, where a recipe adds c to the proportions, or e to what the logarithm is taken of:
    e_j = -(1 / ln n) sum_i (p_ij + c) ln(p_ij + c + e)
n is the number of rows of the pool. ln of the years or of the entities instead is a mistake in circulation, here to show
what it does, and so are proportions that do not add up to 1. 0 ln 0 = 0; a constant indicator has d = 0.
-#}
with

weight_columns as (
    select * from {{ ref('int_weight_columns') }}
    where weighting in ('entropy', 'entropy_critic')
),

bases as (
    select distinct
        column_key,
        basis_key,
        range_low,
        range_high,
        shift,
        shift_in_entropy,
        shift_of_proportions,
        shift_in_logarithm
    from weight_columns
),

shifted as (
    select
        bases.column_key,
        bases.basis_key,
        bases.shift_of_proportions,
        bases.shift_in_logarithm,
        {{ rescaled('pool_values.proportion_basis', 'bases') }} + bases.shift_in_entropy as basis
    from {{ ref('int_pool_values') }} as pool_values
    inner join bases on pool_values.column_key = bases.column_key
    where pool_values.is_in_pool
),

sums as (
    select
        column_key,
        basis_key,
        sum(basis) as total,
        sum({{ entropy_term('basis') }}) as total_log
    from shifted
    group by column_key, basis_key
),

guarded as (
    select
        shifted.column_key,
        shifted.basis_key,
        -sum(
            (shifted.basis / sums.total + shifted.shift_of_proportions)
            * ln(shifted.basis / sums.total + shifted.shift_of_proportions + shifted.shift_in_logarithm)
        ) as total_entropy
    from shifted
    inner join sums on shifted.column_key = sums.column_key and shifted.basis_key = sums.basis_key
    where shifted.shift_of_proportions + shifted.shift_in_logarithm > 0 and sums.total > 0
    group by shifted.column_key, shifted.basis_key
),

divergences as (
    select
        weight_columns.*,
        case
            when weight_columns.is_constant or not sums.total > 0 then 0
            when guarded.total_entropy is not null
                then 1 - guarded.total_entropy / ln(weight_columns.divisor_count)
            else 1 - {{ entropy('sums.total', 'sums.total_log', 'weight_columns.divisor_count') }}
        end as divergence
    from weight_columns
    inner join sums
        on weight_columns.column_key = sums.column_key and weight_columns.basis_key = sums.basis_key
    left join guarded
        on weight_columns.column_key = guarded.column_key and weight_columns.basis_key = guarded.basis_key
),

final as (
    select
        weight_key,
        weighting,
        column_key,
        divergence,
        {{ share_of_sum('divergence', ['weight_key', 'index_code', 'pool_code'], 'column_key') }} as weight
    from divergences
)

select * from final
