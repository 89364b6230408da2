{{ config(schema='checks') }}
{#-
What is wrong with def_specs.csv beyond its words, one row per finding: a single way of building the index that is refused
(inside a design it is only dropped), a code that a design also generates, a design of which nothing is left.
-#}
with

specs as (
    select * from {{ ref('int_specs') }}
),

refused as (
    select
        'spec_code=' || specs.spec_code as row_key,
        refusals.refusal_en as problem
    from specs
    inner join {{ ref('stg_recipe_refusals') }} as refusals on specs.refusal_code = refusals.refusal_code
    where not specs.is_design
),

repeated as (
    select
        'spec_code=' || spec_code as row_key,
        'stands ' || cast(count(*) as string) || ' times once the designs are spelled out. Rename the row.' as problem
    from specs
    group by spec_code
    having count(*) > 1
),

final as (
    select
        'error' as severity,
        'seeds/{{ env_var("NQP_STUDY", "nqp") }}/def_specs.csv' as file,
        row_key,
        'seeds/{{ env_var("NQP_STUDY", "nqp") }}/def_specs.csv: ' || row_key || ': ' || problem as message
    from (
        select * from refused
        union all
        select * from repeated
    ) as found
)

select * from final
