{#- Every rule that is arithmetic, applied to every printed table; A1 needs a distribution and is added by audit.py. -#}
with

findings as (
    select * from {{ ref('audit_descriptives') }}
    union all
    select * from {{ ref('audit_counts') }}
    union all
    select * from {{ ref('audit_nested_columns') }}
    union all
    select * from {{ ref('audit_constants') }}
    union all
    select * from {{ ref('audit_first_stages') }}
    union all
    select * from {{ ref('audit_instruments') }}
    union all
    select * from {{ ref('audit_identities') }}
    union all
    select * from {{ ref('audit_official_figures') }}
),

final as (
    select
        rule,
        table_code,
        model_code,
        cells,
        cast(printed_low as double) as printed_low,
        cast(printed_high as double) as printed_high,
        cast(implied_low as double) as implied_low,
        cast(implied_high as double) as implied_high,
        verdict,
        explanation_zh,
        explanation_en
    from findings
)

select * from final
