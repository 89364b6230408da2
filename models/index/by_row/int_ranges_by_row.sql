{#- Smallest and largest value of each indicator and how many there are: aggregates of the columns of a wide file. -#}
{%- set indicators = wide_indicators() %}
{%- if indicators %}
    with

    aggregates as (
        select
            {% for one in indicators %}
            {% set key = one.indicator_key %}
            min(x_{{ key }}) as minimum_{{ key }},
            max(x_{{ key }}) as maximum_{{ key }},
            count(x_{{ key }}) as entity_years_{{ key }}{{ ',' if not loop.last }}
            {% endfor %}
        from {{ ref('int_values_by_row') }}
    ),

    ranges as (
        {{ by_indicator(indicators, 'aggregates', ['minimum', 'maximum', 'entity_years']) }}
    ),

    final as (
        select
            *,
            false as uses_derived,
            cast(0 as bigint) as imputed_values
        from ranges
    )

    select * from final
{%- else %}
    -- depends_on: {{ ref('int_values_by_row') }}
    select 1 as no_row
    where 1 = 0
{%- endif %}
