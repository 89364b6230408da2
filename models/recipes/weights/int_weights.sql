{#-
All weights in one place. entropy_critic is the mean of the two:
    w_j = (entropy weight_j + CRITIC weight_j) / 2
-#}
with

entropy as (
    select * from {{ ref('int_weights_by_entropy') }}
),

critic as (
    select * from {{ ref('int_weights_by_critic') }}
),

averaged as (
    select
        entropy.weight_key,
        entropy.weighting,
        entropy.column_key,
        (entropy.weight + critic.weight) / 2 as weight
    from entropy
    inner join critic on entropy.weight_key = critic.weight_key and entropy.column_key = critic.column_key
    where entropy.weighting = 'entropy_critic'
),

final as (
    select * from entropy
    where weighting = 'entropy'
    union all
    select * from critic
    where weighting = 'critic'
    union all
    select * from averaged
    union all
    select * from {{ ref('int_weights_by_equality') }}
    union all
    select * from {{ ref('int_weights_by_variation') }}
    union all
    select * from {{ ref('int_weights_by_deviation') }}
    union all
    select * from {{ ref('int_weights_given') }}
    union all
    select * from {{ ref('int_weights_by_loadings') }}
)

select
    weight_key,
    column_key,
    weight
from final
