{#-
The choices of a recipe and the words that their columns of def_specs.csv may hold. left_out also takes the codes of the
indicators, which are the study's.
-#}
with

final as (
    select
        choice,
        cast(choice_order as integer) as choice_order,
        choice_zh,
        choice_en,
        makes,
        option_code,
        cast(option_order as integer) as option_order,
        name_zh,
        name_en,
        formula,
        coalesce(is_default = 'true', false) as is_default,
        coalesce(is_wrong = 'true', false) as is_wrong
    from {{ ref('recipe_options') }}
)

select * from final
