{{ config(materialized='ephemeral') }}
{#-
A8: adjusted R2 rises with one added control if and only if its classical |t| > 1          Greene (2018), theorem 3.7
A miss is "inconsistent" only where the table says that its standard errors are classical.
-#}
with

judged as (
    select
        *,
        case
            when t_low is null or t_high is null then 'not decidable'
            when adj_r2_low_b > adj_r2_high_a and t_high < 1 or adj_r2_high_b < adj_r2_low_a and t_low > 1
                then case when is_stated_classical then 'inconsistent as printed' else 'not decidable' end
            else 'consistent'
        end as verdict
    from {{ ref('audit_added_controls') }}
),

final as (
    select
        'A8' as rule, 'A8' as reason, table_code, model_a || ' -> ' || model_b as model_code,
        t_low as printed_low, t_high as printed_high,
        case when adj_r2_low_b > adj_r2_high_a then 1.0 else 0.0 end as implied_low,
        case when adj_r2_high_b < adj_r2_low_a then 1.0 else cast('infinity' as double) end as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({
            'adj_r2_a': 'adj_r2_printed_a', 'adj_r2_b': 'adj_r2_printed_b', 'term': 'term',
            'estimate': 'estimate_printed', 'std_error': 'se_printed',
        }) }} as arguments
    from judged
)

select * from final
