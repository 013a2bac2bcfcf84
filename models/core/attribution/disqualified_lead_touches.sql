{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

journeys as (
    select * from {{ ref('lead_journeys') }}
),

leads as (
    select * from {{ ref('leads') }}
),

opportunity_leads as (
    select * from {{ ref('opportunity_leads') }}
),

touchpoint_leads as (
    select * from {{ ref('touchpoint_leads') }}
),

path_touches as (
    select * from {{ ref('path_touches') }}
),

disqualified_leads as (
    select
        journeys.lead_id,
        {{ add_days('journeys.created_on', '-settings.lookback_days') }} as starts_on,
        journeys.disqualified_on as ends_on,
        leads.created_at,
        leads.channel,
        leads.campaign_id
    from journeys
    cross join settings
    inner join leads on journeys.lead_id = leads.lead_id
    left join opportunity_leads on journeys.lead_id = opportunity_leads.lead_id
    where journeys.disqualified_on is not null and opportunity_leads.lead_id is null
),

found_touches as (
    select
        disqualified_leads.lead_id,
        path_touches.touchpoint_id,
        path_touches.occurred_at,
        path_touches.channel
    from disqualified_leads
    inner join touchpoint_leads on disqualified_leads.lead_id = touchpoint_leads.lead_id
    inner join path_touches on touchpoint_leads.touchpoint_id = path_touches.touchpoint_id
    where path_touches.occurred_on >= disqualified_leads.starts_on and path_touches.occurred_on <= disqualified_leads.ends_on
    qualify
        row_number() over (
            partition by disqualified_leads.lead_id, path_touches.visit_id
            order by path_touches.occurred_at, path_touches.touchpoint_id
        ) = 1
)

select * from found_touches
union all
select
    lead_id,
    'lead:' || lead_id as touchpoint_id,
    created_at as occurred_at,
    coalesce(channel, '(none)') as channel
from disqualified_leads
where
    (channel is not null or campaign_id is not null)
    and lead_id not in (select found_touches.lead_id from found_touches)
