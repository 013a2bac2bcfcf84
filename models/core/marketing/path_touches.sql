with

settings as (
    select * from {{ ref('run_settings') }}
),

touchpoints as (
    select * from {{ ref('touchpoints') }}
)

select
    touchpoints.touchpoint_id,
    touchpoints.occurred_at,
    touchpoints.occurred_on,
    coalesce(touchpoints.channel, '(none)') as channel,
    coalesce(touchpoints.campaign_id, '(none)') as campaign_id,
    case
        when settings.collapse_repeats = 'day'
            then coalesce(touchpoints.person_id, touchpoints.touchpoint_id)
                || ' ' || coalesce(touchpoints.channel, touchpoints.campaign_id)
                || ' ' || cast(touchpoints.occurred_on as varchar)
        else touchpoints.touchpoint_id
    end as visit_id,
    touchpoints.person_id,
    touchpoints.lead_id,
    touchpoints.account_id,
    touchpoints.email
from touchpoints
cross join settings
where touchpoints.is_touch
qualify
    row_number() over (
        partition by visit_id, touchpoints.lead_id, touchpoints.account_id
        order by touchpoints.occurred_at, touchpoints.touchpoint_id
    ) = 1
