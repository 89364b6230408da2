{{ config(tags=['multiverse']) }}
select
    spec_weights.spec_code,
    spec_weights.indicator_code,
    spec_weights.weight
from {{ ref('spec_weights') }} as spec_weights
inner join {{ ref('specs') }} as specs on spec_weights.spec_code = specs.spec_code
where spec_weights.weight < 0 and not specs.is_wrong
