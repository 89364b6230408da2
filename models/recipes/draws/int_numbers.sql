{#- The whole numbers from 1 to 99,999. -#}
with

digits as (
    select words.digit
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as words (digit)
),

numbers as (
    select
        ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit + 10000 * myriads.digit as number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as myriads
),

final as (
    select number from numbers
    where number > 0
)

select * from final
