{{ config(materialized='view', schema='work') }}

with

lead_events as (
    select * from {{ ref('lead_events') }}
),

leads as (
    select * from {{ ref('leads') }}
),

touchpoints as (
    select * from {{ ref('touchpoints') }}
),

spend_daily as (
    select * from {{ ref('spend_daily') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

declared_channels as (
    select channel from {{ ref('channels') }}
    union distinct
    select 'unassigned' as channel
),

channels_in_use as (
    {% for relation in ['leads', 'touchpoints', 'spend_daily', 'campaigns'] -%}
    select '{{ relation }}' as entity_kind, channel from {{ relation }} where channel is not null
    {%- if not loop.last %}
    union all
    {% endif -%}
    {% endfor %}
),

campaigns_in_use as (
    {% for relation in ['leads', 'touchpoints', 'spend_daily'] -%}
    select '{{ relation }}' as entity_kind, campaign_id from {{ relation }} where campaign_id <> 'unassigned'
    {%- if not loop.last %}
    union all
    {% endif -%}
    {% endfor %}
)

select 'undeclared_channel' as finding, in_use.entity_kind, in_use.channel as value, count(*) as records
from channels_in_use as in_use
left join declared_channels on in_use.channel = declared_channels.channel
where declared_channels.channel is null
group by 1, 2, 3
union all
select 'unknown_campaign' as finding, in_use.entity_kind, in_use.campaign_id as value, count(*) as records
from campaigns_in_use as in_use
left join campaigns on in_use.campaign_id = campaigns.campaign_id
where campaigns.campaign_id is null
group by 1, 2, 3
union all
select 'event_before_creation' as finding, 'leads' as entity_kind, kind as value, count(*) as records
from lead_events
where is_before_creation
group by 1, 2, 3
union all
select 'event_of_an_unknown_lead' as finding, 'lead_events' as entity_kind, kind as value, count(*) as records
from lead_events
where is_lead_unknown
group by 1, 2, 3
union all
select 'no_touchpoint' as finding, 'touchpoints' as entity_kind, coalesce(kind, '(none)') as value, count(*) as records
from touchpoints
where not is_touch
group by 1, 2, 3
union all
select 'touch_of_nobody' as finding, 'touchpoints' as entity_kind, coalesce(kind, '(none)') as value, count(*) as records
from touchpoints
where is_touch and person_id is null
group by 1, 2, 3
