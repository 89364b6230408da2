{{ config(materialized='table') }}
{#- Series computed from observed series; the operations and their missing-value rule stand in the macro. -#}
with

{{ derived_values(1, ref('int_series_observed')) }}

select * from final
