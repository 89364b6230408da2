{#-
Exact gamma variates of shape a_j = c W_j, c the concentration, W the baseline weights (Marsaglia and Tsang, ACM
Transactions on Mathematical Software 26, 2000): with x normal, u uniform, d = a - 1/3 and v = (1 + x / sqrt(9 d))^3, the
first d v with v > 0 and ln u < x^2 / 2 + d - d v + d ln v. A shape below 1 takes shape a + 1, times u^(1 / a). Each of
eight attempts fails less than 1 time in 20. An indicator of weight 0 has none.
-#}
{%- set row = ['shapes.draw', 'shapes.indicator_key'] -%}
{%- set attempt = ['shapes.draw', 'shapes.indicator_key', 'attempts.attempt'] -%}
with

shapes as (
    select
        draws.draw,
        pool_columns.index_code,
        pool_columns.indicator_key,
        {{ parameter('concentration', 0.01, 1000000, whole=false) }} * weights.weight as shape
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_weights') }} as weights on specs.weight_key = weights.weight_key
    inner join {{ ref('int_pool_columns') }} as pool_columns on weights.column_key = pool_columns.column_key
    cross join {{ ref('int_draws') }} as draws
    where specs.is_baseline and weights.weight > 0
),

attempts as (
    select words.attempt
    from (values (1), (2), (3), (4), (5), (6), (7), (8)) as words (attempt)
),

proposals as (
    select
        shapes.draw,
        shapes.indicator_key,
        attempts.attempt,
        case when shapes.shape < 1 then shapes.shape + 1 else shapes.shape end - 1 / cast(3 as double) as d,
        sqrt(-2 * ln({{ uniform('radius', attempt) }})) * cos(2 * pi() * {{ uniform('angle', attempt) }}) as x,
        {{ uniform('test', attempt) }} as u
    from shapes
    cross join attempts
),

powers as (
    select
        proposals.*,
        power(1 + x / sqrt(9 * d), 3) as v
    from proposals
),

taken as (
    select
        draw,
        indicator_key,
        min_by(d * v, attempt) as variate
    from powers
    where v > 0 and ln(u) < x * x / 2 + d - d * v + d * ln(case when v > 0 then v else 1 end)
    group by draw, indicator_key
),

final as (
    select
        shapes.draw,
        shapes.index_code,
        shapes.indicator_key,
        taken.variate * case
            when shapes.shape < 1 then power({{ uniform('boost', row) }}, 1 / shapes.shape) else 1
        end as variate
    from shapes
    left join taken on shapes.draw = taken.draw and shapes.indicator_key = taken.indicator_key
)

select * from final
