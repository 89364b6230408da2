{{ config(materialized='ephemeral') }}
{#-
The sentences of the audit cut at their placeholders: one row per code, text and piece. A piece is a placeholder, which the
first has not, and the words that follow it.
-#}
with

templates as (
    select code, 'cells' as text_of, cells as template from {{ ref('audit_sentences') }}
    where cells is not null
    union all
    select code, 'zh' as text_of, text_zh as template from {{ ref('audit_sentences') }}
    where text_zh is not null
    union all
    select code, 'en' as text_of, text_en as template from {{ ref('audit_sentences') }}
    where text_en is not null
),

places (place) as (
    values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16), (17), (18), (19), (20)
),

pieces as (
    select
        templates.code, templates.text_of, places.place,
        case when places.place > 1 then '{' else '}' end || split_part(templates.template, '{', places.place) as piece
    from templates
    inner join places
        on length(templates.template) - length(replace(templates.template, '{', '')) >= places.place - 1
),

final as (
    select
        code, text_of, place,
        nullif(split_part(split_part(replace(piece, '{', ''), '}', 1), ':', 1), '') as argument,
        nullif(split_part(split_part(piece, '}', 1), ':', 2), '') as decimals,
        split_part(piece, '}', 2) as words
    from pieces
)

select * from final
