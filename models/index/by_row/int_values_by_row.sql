{#-
    x = numerator / denominator * multiplier,   column x_3 for indicator 3,   null outside the years of the index
The values of int_indicator_values, by row of a wide file. Nothing in a column is derived or imputed.
-#}
{%- set indicators = wide_indicators() %}
{%- set series = (
    indicators | map(attribute='numerator_series') | list
    + indicators | map(attribute='denominator_series') | select | list
) | unique | list %}
{%- if indicators %}
    with

    rows_of_file as (
        select
            {{ trimmed('entity_code') }} as entity_code,
            {{ whole_number('year', is_text=false) }} as year
            {% for one in series %},
            {{ plain_number(quoted_name(one), is_text=false) }} as {{ quoted_name(one) }}
            {% endfor %}
        from {{ external_file(absolute_path(env_var('NQP_OBSERVATIONS', ''))) }}
    ),

    final as (
        select
            entity_code,
            year
            {% for one in indicators %},
            case
                when year between {{ one.first_year }} and {{ one.last_year }}
                    then {{ quotient(
                        quoted_name(one.numerator_series),
                        quoted_name(one.denominator_series) if one.denominator_series else none,
                        "cast(" ~ quoted_text(one.multiplier) ~ " as double)"
                    ) }}
            end as x_{{ one.indicator_key }}
            {% endfor %}
        from rows_of_file
    )

    select * from final
{%- else %}
    select 1 as no_row
    where 1 = 0
{%- endif %}
