{#-
The choices of a recipe and the words that their columns of def_specs.csv may hold. left_out also takes the codes of the
indicators, which are the study's. A shift, a range or a shift in the entropy may be any number that the study writes: its name and
formula come from the pattern of its kind, {c} or {a}-{b} among the words. 0-1 is no range, and 0 no shift of its own.
-#}
{%- set written_numbers = {'c': 'constant', 'a': 'low', 'b': 'high'} %}
with

words as (
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
        coalesce(formula_zh, formula) as formula_zh,
        coalesce(is_default = 'true', false) as is_default,
        coalesce(is_wrong = 'true', false) as is_wrong
    from {{ ref('recipe_options') }}
),

digits as (
    select words.digit
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as words (digit)
),

places as (
    select 1 + ones.digit + 10 * tens.digit as place
    from digits as ones
    cross join digits as tens
),

parts as (
    select distinct
        cells.choice,
        split_part(cells.cell, '|', places.place) as option_code
    from {{ ref('stg_spec_cells') }} as cells
    inner join places on places.place <= 1 + length(cells.cell) - length(replace(cells.cell, '|', ''))
    where cells.choice in ('rescaling', 'shift', 'entropy_shift')
),

written as (
    select
        choice,
        option_code,
        case choice
            when 'shift' then '{c}'
            when 'rescaling' then '{a}-{b}'
            else split_part(option_code, '_', 1) || '_{c}'
        end as pattern,
        case choice
            when 'shift' then option_code
            when 'entropy_shift' then split_part(option_code, '_', 2)
        end as constant,
        case choice when 'rescaling' then split_part(option_code, '-', 1) end as low,
        case choice when 'rescaling' then split_part(option_code, '-', 2) end as high
    from parts
),

numbers as (
    select
        *,
        {{ plain_decimal('constant') }} as constant_number,
        {{ plain_decimal('low') }} as low_number,
        {{ plain_decimal('high') }} as high_number
    from written
),

named as (
    select
        patterns.choice,
        patterns.choice_order,
        patterns.choice_zh,
        patterns.choice_en,
        patterns.makes,
        numbers.option_code,
        patterns.option_order,
        {{ sentence('patterns.name_zh', written_numbers) }} as name_zh,
        {{ sentence('patterns.name_en', written_numbers) }} as name_en,
        {{ sentence('patterns.formula', written_numbers) }} as formula,
        {{ sentence('patterns.formula_zh', written_numbers) }} as formula_zh,
        patterns.is_default,
        patterns.is_wrong
    from numbers
    inner join words as patterns
        on numbers.choice = patterns.choice and numbers.pattern = patterns.option_code
    left join words as listed on numbers.choice = listed.choice and numbers.option_code = listed.option_code
    where
        listed.option_code is null
        and {{ sentence('numbers.pattern', written_numbers) }} = numbers.option_code
        and (
            numbers.constant_number > 0
            or (numbers.low_number < numbers.high_number and not (numbers.low_number = 0 and numbers.high_number = 1))
        )
),

final as (
    select * from words
    where position('{' in option_code) = 0
    union all
    select * from named
)

select * from final
