{{ config(materialized='view', schema='work') }}

with

touches as (
    select * from {{ ref('opportunity_touches') }}
),

shares as (
    select * from {{ ref('learnt_channel_shares') }}
    where path_source = 'opportunities'
),

models as (
    select * from {{ ref('attribution_models') }}
    where weighs = 'channel'
),

spread as (
    select
        touches.opportunity_id,
        touches.touchpoint_id,
        models.model,
        touches.touches,
        cast(
            cast(coalesce(shares.conversions_share, 0) as double)
            / count(*) over (partition by touches.opportunity_id, touches.channel, models.model)
            as decimal(28, 18)
        ) as part
    from touches
    cross join models
    left join shares
        on touches.channel = shares.channel
        and models.model = shares.model
),

totals as (
    select
        *,
        sum(part) over (partition by opportunity_id, model) as parts
    from spread
)

select
    opportunity_id,
    touchpoint_id,
    model,
    cast(case
        when parts > 0 then cast(part as double) / cast(parts as double)
        else 1 / cast(touches as double)
    end as decimal(18, 12)) as weight
from totals
where part > 0 or parts = 0
