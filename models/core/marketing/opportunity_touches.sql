with

paths as (
    select
        *,
        own_channel is not null or own_campaign_id is not null as has_own
    from {{ ref('opportunity_paths') }}
),

found_touches as (
    select * from {{ ref('opportunity_found_touches') }}
),

stand_ins as (
    select
        paths.opportunity_id,
        case when paths.has_own then 'opportunity:' else 'none:' end || paths.opportunity_id as touchpoint_id,
        paths.created_at as occurred_at,
        case when paths.has_own then coalesce(paths.own_channel, '(none)') else 'unattributed' end as channel,
        case when paths.has_own then coalesce(paths.own_campaign_id, '(none)') else 'unattributed' end as campaign_id,
        case when paths.has_own then 'own' else 'none' end as kind
    from paths
    left join found_touches on paths.opportunity_id = found_touches.opportunity_id
    where found_touches.opportunity_id is null
),

touches as (
    select
        opportunity_id,
        touchpoint_id,
        occurred_at,
        channel,
        campaign_id,
        'touch' as kind
    from found_touches
    union all
    select
        opportunity_id,
        touchpoint_id,
        occurred_at,
        channel,
        campaign_id,
        kind
    from stand_ins
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
from touches
inner join paths on touches.opportunity_id = paths.opportunity_id
