{{ config(materialized='table') }}
{#- Series computed from observed series; the operations and their missing-value rule stand in the macro. -#}
{{ derived_values(1, ref('int_series_observed')) }}
