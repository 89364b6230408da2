{#-
All weights in one place. entropy_critic is the mean of the two:
    w_j = (entropy weight_j + CRITIC weight_j) / 2
A weight that rests on an entropy e has the divergence 1 - e beside it.
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

every_weight as (
    select
        weight_key,
        weighting,
        column_key,
        weight
    from entropy
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
),

final as (
    select
        every_weight.weight_key,
        every_weight.column_key,
        every_weight.weight,
        entropy.divergence
    from every_weight
    left join entropy
        on every_weight.weight_key = entropy.weight_key and every_weight.column_key = entropy.column_key
)

select * from final
