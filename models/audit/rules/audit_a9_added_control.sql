{{ config(materialized='ephemeral') }}
{#-
A9: the |t| of one added control is the one that the two adjusted R2 imply.
A miss is "inconsistent" only where the table says that its standard errors are classical.
-#}
with

judged as (
    select
        *,
        case
            when t_low is null or t_high is null or implied_t_high is null then 'not decidable'
            when t_high >= implied_t_low and t_low <= implied_t_high then 'consistent'
            when is_stated_classical then 'inconsistent as printed'
            else 'not decidable'
        end as verdict
    from {{ ref('audit_added_controls') }}
),

final as (
    select
        'A9' as rule, 'A9' as reason, table_code, model_a || ' -> ' || model_b as model_code,
        t_low as printed_low, t_high as printed_high,
        implied_t_low as implied_low,
        implied_t_high as implied_high,
        verdict, verdict as conclusion,
        {{ arguments({
            'adj_r2_a': 'adj_r2_printed_a', 'adj_r2_b': 'adj_r2_printed_b', 'term': 'term',
            'estimate': 'estimate_printed', 'std_error': 'se_printed',
        }) }} as arguments
    from judged
)

select * from final
