{{ config(materialized='ephemeral') }}
{#- Every rule that is arithmetic, applied to every printed table; A1 needs a distribution and is added by audit.py. -#}
select * from {{ ref('audit_a2_first_stage_t') }}
union all
select * from {{ ref('audit_a3_sample_of_tests') }}
union all
select * from {{ ref('audit_a4_added_parameters') }}
union all
select * from {{ ref('audit_a5_sample_size') }}
union all
select * from {{ ref('audit_a6_counted_effects') }}
union all
select * from {{ ref('audit_a7_standard_errors') }}
union all
select * from {{ ref('audit_a8_adjusted_r2') }}
union all
select * from {{ ref('audit_a9_added_control') }}
union all
select * from {{ ref('audit_a10_group_sizes') }}
union all
select * from {{ ref('audit_a11_repeated_columns') }}
union all
select * from {{ ref('audit_a11_sums_of_outcomes') }}
union all
select * from {{ ref('audit_a11_signs_of_parts') }}
union all
select * from {{ ref('audit_a12_descriptives') }}
union all
select * from {{ ref('audit_a12_definitions') }}
union all
select * from {{ ref('audit_a13_reduced_form') }}
union all
select * from {{ ref('audit_a14_critical_value') }}
union all
select * from {{ ref('audit_a15_parameters') }}
union all
select * from {{ ref('audit_a16_constant') }}
union all
select * from {{ ref('audit_a17_descriptives') }}
union all
select * from {{ ref('audit_a17_least_adjusted_r2') }}
union all
select * from {{ ref('audit_a18_unusable_cells') }}
union all
select * from {{ ref('audit_a19_t_values') }}
union all
select * from {{ ref('audit_a21_intervals') }}
union all
select * from {{ ref('audit_a22_mediation') }}
union all
select * from {{ ref('audit_a23_mean_of_whole_numbers') }}
union all
select * from {{ ref('audit_a24_deviation_of_a_dummy') }}
union all
select * from {{ ref('audit_a25_shares') }}
