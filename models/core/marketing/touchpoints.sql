with

touches as (
    select * from {{ ref('all_touchpoints') }}
),

contacts as (
    select * from {{ ref('all_contacts') }}
),

leads as (
    select * from {{ ref('leads') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

touch_kinds as (
    select * from {{ ref('touch_kinds') }}
),

resolved as (
    select
        coalesce(touches.touchpoint_id, touches.source_name || ':' || touches.file_id || '-' || cast(touches.row_number as varchar)) as touchpoint_id,
        touches.occurred_at,
        cast(touches.occurred_at as date) as occurred_on,
        coalesce({{ channel_of('touches.channel', "touches.source_name || ':'") }}, campaigns.channel) as channel,
        touches.campaign_id,
        touches.kind,
        touches.lead_id,
        touches.contact_id,
        coalesce(touches.account_id, contacts.account_id) as account_id,
        lower(trim(coalesce(touches.email, contacts.email, leads.email))) as email,
        coalesce(touch_kinds.is_touch, true) and (touches.channel is not null or touches.campaign_id is not null) as is_touch,
        touches.exported_at,
        touches.file_id,
        touches.row_number
    from touches
    left join contacts on touches.contact_id = contacts.contact_id
    left join leads on touches.lead_id = leads.lead_id
    left join campaigns on touches.campaign_id = campaigns.campaign_id
    left join touch_kinds on {{ snake_case('touches.kind') }} = touch_kinds.kind
    qualify
        row_number() over (
            partition by coalesce(touches.touchpoint_id, touches.source_name || ':' || touches.file_id || '-' || cast(touches.row_number as varchar))
            order by touches.exported_at desc, touches.file_id asc, touches.row_number asc
        ) = 1
)

select
    touchpoint_id,
    occurred_at,
    occurred_on,
    channel,
    campaign_id,
    kind,
    lead_id,
    contact_id,
    account_id,
    email,
    coalesce(email, contact_id, lead_id, account_id) as person_id,
    is_touch,
    file_id,
    row_number
from resolved
