{{ config(materialized='ephemeral') }}
{#-
The findings with their sentences in two languages: the printed cells and the opening by the reason, the ending by the
conclusion, each placeholder filled with the finding's own text or number. One row per finding.
-#}
with

numbered as (
    select
        *,
        row_number() over (
            order by rule, table_code, model_code, reason, printed_low, printed_high, implied_low
        ) as number
    from {{ ref('audit_checks') }}
),

-- First how the sentence opens, then how it ends.
parts as (
    select
        numbered.*, parts.part,
        case when parts.part = 1 then numbered.reason else numbered.rule || '.' || numbered.conclusion end as code
    from numbered
    cross join (values (1), (2)) as parts (part)
),

filled as (
    select
        parts.*, pieces.text_of, pieces.words, pieces.decimals,
        100 * parts.part + pieces.place as place,
        pieces.argument,
        case pieces.argument
            when 'printed_low' then cast(parts.printed_low as double)
            when 'printed_high' then cast(parts.printed_high as double)
            when 'implied_low' then cast(parts.implied_low as double)
            when 'implied_high' then cast(parts.implied_high as double)
            else try_cast(parts.arguments[pieces.argument] as double)
        end as value
    from parts
    left join {{ ref('audit_sentence_pieces') }} as pieces on parts.code = pieces.code
),

texts as (
    select
        *,
        case
            when argument is null then words
            when decimals is null then coalesce(arguments[argument], '?') || words
            else {{ rounded_text('value', 'decimals', 'argument') }} || words
        end as piece
    from filled
),

final as (
    select
        rule, table_code, model_code,
        {{ joined_text("case when text_of = 'cells' then piece end", '', 'place') }} as cells,
        printed_low, printed_high, implied_low, implied_high, verdict,
        {{ joined_text("case when text_of = 'zh' then piece end", '', 'place') }} as explanation_zh,
        {{ joined_text("case when text_of = 'en' then piece end", '', 'place') }} as explanation_en
    from texts
    group by number, rule, table_code, model_code, printed_low, printed_high, implied_low, implied_high, verdict
)

select * from final
