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

ordered_margins as (
    select * from {{ ref('ordered_margins') }}
),

campaign_cycles as (
    select * from {{ ref('campaign_cycles') }}
),

declared_channels as (
    select channel from {{ ref('channels') }}
    union distinct
    select 'unassigned' as channel
),

lead_match_decisions as (
    select * from {{ ref('lead_match_decisions') }}
),

channels_in_use as (
    {% for relation in ['leads', 'touchpoints', 'spend_daily', 'campaigns'] -%}
    select
        '{{ relation }}' as entity_kind,
        channel
    from {{ relation }}
    where channel is not null
    {%- if not loop.last %}
    union all
    {% endif -%}
    {% endfor %}
),

campaigns_in_use as (
    {% for relation in ['leads', 'touchpoints', 'spend_daily'] -%}
    select
        '{{ relation }}' as entity_kind,
        campaign_id
    from {{ relation }}
    where campaign_id <> 'unassigned'
    {%- if not loop.last %}
    union all
    {% endif -%}
    {% endfor %}
)

select
    'undeclared_channel' as finding,
    in_use.entity_kind,
    in_use.channel as value,
    count(*) as records
from channels_in_use as in_use
left join declared_channels on in_use.channel = declared_channels.channel
where declared_channels.channel is null
group by 1, 2, 3
union all
select
    'unknown_campaign' as finding,
    in_use.entity_kind,
    in_use.campaign_id as value,
    count(*) as records
from campaigns_in_use as in_use
left join campaigns on in_use.campaign_id = campaigns.campaign_id
where campaigns.campaign_id is null
group by 1, 2, 3
{% for finding, entity_kind, relation, value, condition in [
    ('event_before_creation', 'leads', 'lead_events', 'kind', 'is_before_creation'),
    ('event_of_an_unknown_lead', 'lead_events', 'lead_events', 'kind', 'is_lead_unknown'),
    ('no_touchpoint', 'touchpoints', 'touchpoints', "coalesce(kind, '(none)')", 'not is_touch'),
    ('touch_of_nobody', 'touchpoints', 'touchpoints', "coalesce(kind, '(none)')", 'is_touch and person_id is null'),
    ('decision_about_an_unknown_lead', 'link_rules', 'lead_match_decisions', "lead_id || ' ' || other_lead_id", 'not is_known'),
    ('cycle_in_the_campaign_tree', 'campaigns', 'campaign_cycles', 'cycle', 'true'),
    ('order_line_without_cost', 'order_lines', 'ordered_margins', "coalesce(product_id, '(none)')", 'cost_amount is null'),
] -%}
union all
select
    '{{ finding }}' as finding,
    '{{ entity_kind }}' as entity_kind,
    {{ value }} as value,
    count(*) as records
from {{ relation }}
where {{ condition }}
group by 1, 2, 3
{% endfor %}
