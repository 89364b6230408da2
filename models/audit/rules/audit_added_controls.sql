{{ config(materialized='ephemeral') }}
{#-
The one control that column b adds to column a, by its printed |t| and by what the two adjusted R2 imply:
    t^2 = (df_b + 1)(s_a^2 / s_b^2) - df_b                              Greene (2018), section 3.5
-#}
with

ratios as (
    select * from {{ ref('audit_nested_columns') }}
),

slopes as (
    select
        *,
        greatest(low, -high, 0.0) as size_low,
        greatest(abs(low), abs(high)) as size_high
    from {{ ref('audit_coefficients') }}
    where equation = 'main' and term != 'constant'
),

added_controls as (
    select
        ratios.table_code, ratios.model_b, b.term, b.estimate_printed, b.se_printed,
        b.size_low / nullif(b.se_high, 0) as t_low,
        b.size_high / nullif(b.se_low, 0) as t_high
    from ratios
    inner join slopes as b
        on ratios.table_code = b.table_code and ratios.model_b = b.model_code
    left join slopes as a
        on ratios.table_code = a.table_code and ratios.model_a = a.model_code and b.term = a.term
    where a.term is null and ratios.added = 1 and ratios.is_complete and not ratios.is_iv
),

final as (
    select
        ratios.*,
        added_controls.term, added_controls.estimate_printed, added_controls.se_printed,
        added_controls.t_low, added_controls.t_high,
        sqrt(greatest(
            0.0,
            least(
                (ratios.df_low + 1) / nullif(ratios.fit_ratio_high, 0) - ratios.df_low,
                (ratios.df_high + 1) / nullif(ratios.fit_ratio_high, 0) - ratios.df_high
            )
        )) as implied_t_low,
        sqrt(greatest(
            0.0,
            greatest(
                (ratios.df_low + 1) / nullif(ratios.fit_ratio_low, 0) - ratios.df_low,
                (ratios.df_high + 1) / nullif(ratios.fit_ratio_low, 0) - ratios.df_high
            )
        )) as implied_t_high
    from ratios
    inner join added_controls
        on ratios.table_code = added_controls.table_code and ratios.model_b = added_controls.model_b
)

select * from final
