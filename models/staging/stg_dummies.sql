{#-
Where the dummies are 1; without a last year, from the first year on. An entity that is left out of the study is no row.
-#}
{%- set left_out = left_out_entities() %}
with

dummies as (
    {{ study_file(ref('def_dummies'), ['variable_code', 'entity_code', 'first_year'], ['last_year', 'note']) }}
),

final as (
    select
        variable_code,
        entity_code,
        first_year as first_year_text,
        {{ whole_number("first_year") }} as first_year,
        last_year as last_year_text,
        {{ whole_number("last_year") }} as last_year,
        note
    from dummies
    {% if left_out %}where entity_code is null or entity_code not in ({{ left_out }}){% endif %}
)

select * from final
order by variable_code, entity_code, first_year
