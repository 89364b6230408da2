{{ config(tags=['multiverse']) }}
{# A bootstrap draw takes as many entities as there are; an entity has all its years, which need not be all years. #}
select
    draw,
    sum(copies) as entities_drawn
from {{ ref('int_bootstrap_samples') }}
group by draw
having sum(copies) != (select count(distinct matrix.entity_key) from {{ ref('int_matrix') }} as matrix)
