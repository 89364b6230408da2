{{ config(materialized='table') }}
{#- Series computed from series of the first step (or observed ones). -#}
{{ derived_values(2, ref('int_series_known')) }}
