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
),

touches as (
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
),

touches_and_stand_ins as (
    select
        opportunity_id,
        touchpoint_id,
        occurred_at,
        channel,
        campaign_id,
        'touch' as kind
    from touches
    union all
    select
        paths.opportunity_id,
        case when is_own then 'opportunity:' else 'none:' end || paths.opportunity_id as touchpoint_id,
        paths.created_at as occurred_at,
        case when is_own then coalesce(paths.own_channel, '(none)') else 'unattributed' end as channel,
        case when is_own then coalesce(paths.own_campaign_id, '(none)') else 'unattributed' end as campaign_id,
        case when is_own then 'own' else 'none' end as kind
    from (
        select *, own_channel is not null or own_campaign_id is not null as is_own
        from paths
    ) as paths
    left join touches on paths.opportunity_id = touches.opportunity_id
    where touches.opportunity_id is null
)

select
    touches.opportunity_id,
    touches.touchpoint_id,
    touches.occurred_at,
    cast(touches.occurred_at as date) as occurred_on,
    touches.channel,
    touches.campaign_id,
    touches.kind,
    row_number() over (partition by touches.opportunity_id order by touches.occurred_at, touches.touchpoint_id) as touch_number,
    count(*) over (partition by touches.opportunity_id) as touches,
    {{ duration_days('touches.occurred_at', 'paths.ended_at') }} as days_to_end,
    {{ happened_by('touches.occurred_at', 'paths.lead_created_at') }} as is_before_lead,
    {{ happened_by('touches.occurred_at', 'paths.created_at') }} as is_before_opportunity
from touches_and_stand_ins as touches
inner join paths on touches.opportunity_id = paths.opportunity_id
