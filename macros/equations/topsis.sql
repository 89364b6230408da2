{# The closeness C = D- / (D- + D+) of two distances; no score where both are 0. #}
{% macro closeness(to_anti_ideal, to_ideal) -%}
    {{ to_anti_ideal }} / nullif({{ to_anti_ideal }} + {{ to_ideal }}, 0)
{%- endmacro %}

{# CTEs `distances` and `scores`, a row per `keys`, from a CTE with a row per indicator: `to_ideal` and `to_anti_ideal` are what
   an indicator adds to the squared distances D+^2 and D-^2, squares of the columns where nothing else is said. #}
{% macro topsis_scores(
    rows,
    keys,
    to_ideal='weighted_shortfall * weighted_shortfall',
    to_anti_ideal='weighted_value * weighted_value'
) -%}
distances as (
    select
        {{ keys | join(', ') }},
        sqrt({{ exact_sum(to_ideal) }}) as to_ideal,
        sqrt({{ exact_sum(to_anti_ideal) }}) as to_anti_ideal
    from {{ rows }}
    group by {{ keys | join(', ') }}
),

scores as (
    select
        {{ keys | join(', ') }},
        {{ closeness('to_anti_ideal', 'to_ideal') }} as score
    from distances
)
{%- endmacro %}

{# CTE `gaps` of the specifications with an aggregation: how far each normalized value is from the ideal and the anti-ideal,
   over all years or year by year. #}
{% macro gaps_to_ideals(aggregation) -%}
gaps as (
    select
        specs.spec_key,
        pool_values.row_key,
        weights.weight,
        case specs.ideal when 'pooled' then pool_values.below_best else pool_values.below_best_of_year end
            as below_best,
        case specs.ideal when 'pooled' then pool_values.above_worst else pool_values.above_worst_of_year end
            as above_worst
    from {{ ref('int_specs') }} as specs
    inner join {{ ref('int_weights') }} as weights on specs.weight_key = weights.weight_key
    inner join {{ ref('int_pool_values') }} as pool_values on weights.column_key = pool_values.column_key
    where specs.is_valid and specs.aggregation = '{{ aggregation }}'
)
{%- endmacro %}
