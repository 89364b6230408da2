{#- The cells of def_specs.csv by the choice of their column. -#}
with

final as (
    select spec_code, 'normalization' as choice, normalization as cell from {{ ref('stg_specs') }}
    union all
    select spec_code, 'rescaling' as choice, rescaling as cell from {{ ref('stg_specs') }}
    union all
    select spec_code, 'shift' as choice, shift as cell from {{ ref('stg_specs') }}
    union all
    select spec_code, 'entropy_shift' as choice, entropy_shift as cell from {{ ref('stg_specs') }}
    union all
    select spec_code, 'pool' as choice, pool as cell from {{ ref('stg_specs') }}
    union all
    select spec_code, 'weighting' as choice, weighting as cell from {{ ref('stg_specs') }}
    union all
    select spec_code, 'scored_on' as choice, scored_on as cell from {{ ref('stg_specs') }}
    union all
    select spec_code, 'aggregation' as choice, aggregation as cell from {{ ref('stg_specs') }}
    union all
    select spec_code, 'ideal' as choice, ideal as cell from {{ ref('stg_specs') }}
    union all
    select spec_code, 'divisor' as choice, divisor as cell from {{ ref('stg_specs') }}
    union all
    select spec_code, 'left_out' as choice, left_out as cell from {{ ref('stg_specs') }}
)

select * from final
