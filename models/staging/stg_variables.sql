{#-
The regression variables; without a file none. `transform` is a word of step 1 (log), of step 2 (growth), or both with | between
them (log | growth); a number of years or two quantiles may follow the word of step 2.
-#}
with

variables as (
    {{ study_file(
        ref('def_variables'),
        [
            'variable_code', 'symbol', 'name_zh', 'name_en', 'role', 'numerator_series',
            'denominator_series', 'multiplier', 'transform', 'definition',
        ],
        [
            'unit', 'unit_zh', 'definition_zh', 'closeness', 'measured_by', 'measured_by_zh', 'sort_order', 'note',
            'first_year', 'last_year',
        ],
    ) }}
),

transforms as (
    select * from {{ ref('stg_transforms') }}
),

halves as (
    select
        *,
        trim(split_part(coalesce(transform, 'level'), '|', 1)) as left_half,
        trim(split_part(coalesce(transform, 'level'), '|', 2)) as right_half,
        length(coalesce(transform, '')) - length(replace(coalesce(transform, ''), '|', '')) as bars
    from variables
),

-- A word of step 2 may stand alone.
sides as (
    select
        halves.*,
        case when halves.bars = 0 and transforms.step = 2 then 'level' else split_part(halves.left_half, ' ', 1) end
            as first_word,
        case
            when halves.bars = 0 and transforms.step = 2 then halves.left_half
            when halves.bars = 0 then 'none'
            else halves.right_half
        end as second_half,
        halves.left_half != split_part(halves.left_half, ' ', 1)
        and (halves.bars = 1 or coalesce(transforms.step, 1) != 2) as has_stray_arguments
    from halves
    left join transforms on split_part(halves.left_half, ' ', 1) = transforms.transform
),

words as (
    select
        *,
        split_part(second_half, ' ', 1) as second_word,
        nullif(split_part(second_half, ' ', 2), '') as argument,
        nullif(split_part(second_half, ' ', 3), '') as further_argument,
        nullif(split_part(second_half, ' ', 4), '') as stray_argument
    from sides
),

read_words as (
    select
        words.*,
        second_steps.arguments,
        case when second_steps.arguments = 'years' then {{ whole_number("coalesce(words.argument, '1')") }} end
            as order_of_years,
        case when second_steps.arguments = 'quantiles' then {{ plain_number("coalesce(words.argument, '0.01')") }} end
            as lower_share,
        case
            when second_steps.arguments = 'quantiles'
                then {{ plain_number(
                    "coalesce(words.further_argument, case when words.argument is null then '0.99' end)"
                ) }}
        end as upper_share,
        words.bars < 2
        and not words.has_stray_arguments
        and words.stray_argument is null
        and (
            (first_steps.step = 0 and words.bars = 0 and words.second_word = 'none')
            or (first_steps.step = 1 and (words.second_word = 'none' or second_steps.step = 2))
        ) as has_known_words
    from words
    left join transforms as first_steps on words.first_word = first_steps.transform
    left join transforms as second_steps on words.second_word = second_steps.transform
),

final as (
    select
        variable_code,
        coalesce(symbol, variable_code) as symbol,
        {{ distinct_name('coalesce(name_zh, name_en, variable_code)', 'variable_code') }} as name_zh,
        {{ distinct_name('coalesce(name_en, name_zh, variable_code)', 'variable_code') }} as name_en,
        role,
        numerator_series,
        denominator_series,
        multiplier as multiplier_text,
        {{ plain_number("coalesce(multiplier, '1')") }} as multiplier,
        coalesce(transform, 'level') as transform,
        first_word as first_transform,
        second_word as second_transform,
        order_of_years,
        lower_share,
        upper_share,
        coalesce(
            has_known_words
            and case arguments
                when 'years' then order_of_years between 1 and 99 and further_argument is null
                when 'quantiles' then lower_share >= 0 and lower_share < upper_share and upper_share <= 1
                else argument is null
            end,
            false
        ) as is_transform_known,
        coalesce(unit_zh, unit) as unit_zh,
        coalesce(unit, unit_zh) as unit_en,
        coalesce(definition_zh, definition) as definition_zh,
        coalesce(definition, definition_zh) as definition_en,
        closeness,
        coalesce(measured_by_zh, measured_by) as measured_by_zh,
        coalesce(measured_by, measured_by_zh) as measured_by_en,
        {{ whole_number("sort_order") }} as sort_order,
        note,
        first_year as first_year_text,
        {{ whole_number("first_year") }} as first_year,
        last_year as last_year_text,
        {{ whole_number("last_year") }} as last_year
    from read_words
)

select * from final
order by variable_code
