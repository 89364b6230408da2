{#-
The choices that vary within a design of which every combination is valid and scored, and which of its ways differ in one
choice only (they share the others_key). A factor is one choice of one design.
-#}
{%- set choices = [
    'normalization', 'rescaling', 'shift', 'entropy_shift', 'pool', 'weighting', 'scored_on', 'aggregation', 'ideal',
    'divisor', 'left_out',
] %}
with

scored as (
    select distinct
        scores.spec_key,
        matrix_rows.index_code
    from {{ ref('int_spec_scores') }} as scores
    inner join {{ ref('int_matrix_rows') }} as matrix_rows on scores.row_key = matrix_rows.row_key
),

specs as (
    select
        scored.index_code,
        specs.*
    from {{ ref('int_specs') }} as specs
    inner join scored on specs.spec_key = scored.spec_key
    where specs.is_design
),

complete_designs as (
    select
        index_code,
        design_code
    from specs
    group by index_code, design_code
    having
        count(*) =
    {%- for choice in choices %}
        count(distinct {{ choice }}){{ ' *' if not loop.last }}
    {%- endfor %}
),

options as (
    {%- for choice in choices %}
        select
            specs.*,
            '{{ choice }}' as choice,
            cast({{ choice }} as string) as option_code
        from specs
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

numbered as (
    select
        options.*,
        dense_rank() over (order by index_code, design_code, choice) as factor_key,
        dense_rank() over (partition by index_code, design_code, choice order by option_code) as option_key,
        dense_rank() over (
            partition by index_code, design_code, choice
            order by
            {%- for choice in choices %}
                    case when choice != '{{ choice }}' then {{ choice }} end{{ ',' if not loop.last }}
            {%- endfor %}
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
