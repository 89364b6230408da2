{#- Why a recipe is refused, and how to mend it; int_specs says when. -#}
with

final as (
    select
        refusal_code,
        refusal_zh,
        refusal_en
    from {{ ref('recipe_refusals') }}
)

select * from final
