with

steps as (
    select * from {{ ref('journey_steps') }}
),

removal_effects as (
    select * from {{ ref('channel_removal_effects') }}
),

path_channels as (
    select
        path_source,
        path,
        channel,
        max(conversions) as conversions,
        max(value_amount) as value_amount,
        count(*) over (partition by path_source, path) as channels
    from steps
    group by path_source, path, channel
),

path_sizes as (
    select
        path_source,
        channel,
        channels,
        sum(conversions) as conversions,
        sum(value_amount) as value_amount
    from path_channels
    group by path_source, channel, channels
),

{# The exact Shapley value where a path converts when all its channels are there: an equal part of it for each. #}
parts as (
    select
        'shapley' as model,
        path_source,
        channel,
        cast(null as decimal(18, 12)) as removal_effect,
        sum(cast(cast(conversions as double) / channels as decimal(38, 12))) as conversions_part,
        sum(cast(cast(value_amount as double) / channels as decimal(38, 12))) as value_part
    from path_sizes
    group by path_source, channel
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
