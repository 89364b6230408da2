{{ config(materialized='ephemeral') }}
{#-
The choices that vary within a design of which every combination is valid and scored, and which of its ways differ in one
choice only (they share the others_key). A factor is one choice of one design.
-#}
with

scored as (
    select distinct
        spec_code,
        index_code
    from {{ ref('spec_scores') }}
),

specs as (
    select
        scored.index_code,
        specs.*
    from {{ ref('int_specs') }} as specs
    inner join scored on specs.spec_code = scored.spec_code
    where specs.is_design
),

complete_designs as (
    select
        index_code,
        design_code
    from specs
    group by index_code, design_code
    having
        count(distinct normalization) * count(distinct shift) * count(distinct pool) * count(distinct weighting)
        * count(distinct aggregation) * count(distinct ideal) * count(distinct divisor) * count(distinct left_out)
        = count(*)
),

options as (
    select specs.*, 'normalization' as choice, normalization as option_code from specs
    union all
    select specs.*, 'shift' as choice, cast(shift as string) as option_code from specs
    union all
    select specs.*, 'pool' as choice, pool as option_code from specs
    union all
    select specs.*, 'weighting' as choice, weighting as option_code from specs
    union all
    select specs.*, 'aggregation' as choice, aggregation as option_code from specs
    union all
    select specs.*, 'ideal' as choice, ideal as option_code from specs
    union all
    select specs.*, 'divisor' as choice, divisor as option_code from specs
    union all
    select specs.*, 'left_out' as choice, left_out as option_code from specs
),

numbered as (
    select
        options.*,
        dense_rank() over (order by index_code, design_code, choice) as factor_key,
        dense_rank() over (partition by index_code, design_code, choice order by option_code) as option_key,
        dense_rank() over (
            partition by index_code, design_code, choice
            order by
                case when choice != 'normalization' then normalization end,
                case when choice != 'shift' then shift end,
                case when choice != 'pool' then pool end,
                case when choice != 'weighting' then weighting end,
                case when choice != 'aggregation' then aggregation end,
                case when choice != 'ideal' then ideal end,
                case when choice != 'divisor' then divisor end,
                case when choice != 'left_out' then left_out end
        ) as others_key
    from options
),

varying as (
    select factor_key from numbered
    group by factor_key
    having max(option_key) > 1
),

final as (
    select
        cast(numbered.factor_key as integer) as factor_key,
        numbered.index_code,
        numbered.design_code,
        numbered.choice,
        numbered.spec_code,
        cast(numbered.option_key as integer) as option_key,
        cast(numbered.others_key as integer) as others_key
    from numbered
    inner join varying on numbered.factor_key = varying.factor_key
    inner join complete_designs
        on numbered.index_code = complete_designs.index_code and numbered.design_code = complete_designs.design_code
)

select * from final
