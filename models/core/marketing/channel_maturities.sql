{{ config(materialized='view', schema='work') }}

with

journeys as (
    select * from {{ ref('lead_journeys') }}
),

results as (
    select * from {{ ref('campaign_results') }}
),

wins as (
    select
        coalesce(channel, '(none)') as channel,
        days_to_won
    from journeys
    where days_to_won is not null
),

of_channels as (
    select
        channel,
        count(*) as wins,
        percentile_cont(0.9) within group (order by days_to_won) as days_to_won_p90
    from wins
    group by channel
),

of_all as (
    select percentile_cont(0.9) within group (order by days_to_won) as days_to_won_p90
    from wins
)

select
    channels.channel,
    cast(round(case
        when of_channels.wins >= 20 then of_channels.days_to_won_p90
        else of_all.days_to_won_p90
    end, 6) as decimal(18, 6)) as days_to_won_p90
from (select distinct channel from results) as channels
cross join of_all
left join of_channels on channels.channel = of_channels.channel
