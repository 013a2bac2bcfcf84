{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

paths as (
    select * from {{ ref('opportunity_paths') }}
),

path_touches as (
    select * from {{ ref('path_touches') }}
),

touchpoint_accounts as (
    select * from {{ ref('touchpoint_accounts') }}
),

touchpoint_leads as (
    select * from {{ ref('touchpoint_leads') }}
),

lead_opportunities as (
    select * from {{ ref('lead_opportunities') }}
),

reachable as (
    select
        paths.opportunity_id,
        touchpoint_accounts.touchpoint_id
    from paths
    inner join settings on settings.attribution_scope = 'account'
    inner join touchpoint_accounts on paths.account_id = touchpoint_accounts.account_id
    union distinct
    select
        lead_opportunities.opportunity_id,
        touchpoint_leads.touchpoint_id
    from lead_opportunities
    inner join touchpoint_leads on lead_opportunities.lead_id = touchpoint_leads.lead_id
)

select
    paths.opportunity_id,
    path_touches.touchpoint_id,
    path_touches.occurred_at,
    path_touches.channel,
    path_touches.campaign_id
from reachable
inner join paths on reachable.opportunity_id = paths.opportunity_id
inner join path_touches on reachable.touchpoint_id = path_touches.touchpoint_id
where
    path_touches.occurred_on >= paths.starts_on
    and {{ happened_by('path_touches.occurred_at', 'paths.ended_at') }}
qualify
    row_number() over (
        partition by paths.opportunity_id, path_touches.visit_id
        order by path_touches.occurred_at, path_touches.touchpoint_id
    ) = 1
