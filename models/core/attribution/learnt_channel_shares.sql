with

coalitions as (
    select * from {{ ref('journey_coalitions') }}
),

removal_effects as (
    select * from {{ ref('channel_removal_effects') }}
),

members as (
    {{ path_steps('coalitions', 'channels') }}
),

{# The exact Shapley value where a path converts when all its channels are there: an equal part of it for each. #}
parts as (
    select
        'shapley' as model,
        path_source,
        step as channel,
        cast(null as decimal(18, 12)) as removal_effect,
        sum(cast(cast(conversions as double) / steps as decimal(38, 12))) as conversions_part,
        sum(cast(cast(value_amount as double) / steps as decimal(38, 12))) as value_part
    from members
    group by path_source, step
    union all
    select
        'markov' as model,
        path_source,
        channel,
        removal_effect,
        removal_effect as conversions_part,
        removal_effect as value_part
    from removal_effects
),

totals as (
    select
        *,
        cast(sum(conversions_part) over (partition by model, path_source) as double) as all_conversions,
        cast(sum(value_part) over (partition by model, path_source) as double) as all_value
    from parts
)

select
    model,
    path_source,
    channel,
    removal_effect,
    cast(round(coalesce(cast(conversions_part as double) / nullif(all_conversions, 0), 0), 12) as decimal(18, 12)) as conversions_share,
    cast(round(coalesce(cast(value_part as double) / nullif(all_value, 0), 0), 12) as decimal(18, 12)) as value_share
from totals
