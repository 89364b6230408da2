{#- S_j = sum_i z_ij and L_j = sum_i z_ij ln z_ij, as aggregates of the columns of a wide file. -#}
{%- set indicators = wide_indicators() %}
{%- if indicators %}
    with

    aggregates as (
        select
            {% for one in indicators %}
            {% set z = 'z_' ~ one.indicator_key %}
            sum({{ z }}) as total_{{ one.indicator_key }},
            sum({{ entropy_term(z) }}) as total_log_{{ one.indicator_key }},
            cast(count({{ z }}) as double) as entity_years_{{ one.indicator_key }}{{ ',' if not loop.last }}
            {% endfor %}
        from {{ ref('int_normalized_by_row') }}
    ),

    final as (
        {{ by_indicator(indicators, 'aggregates', ['total', 'total_log', 'entity_years']) }}
    )

    select * from final
{%- else %}
    -- depends_on: {{ ref('int_normalized_by_row') }}
    select 1 as no_row
    where 1 = 0
{%- endif %}
