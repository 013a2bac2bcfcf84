with

credits as (
    select * from {{ ref('opportunity_credits') }}
),

touches as (
    select * from {{ ref('opportunity_touches') }}
),

opportunities as (
    select * from {{ ref('opportunities') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
)

select
    credits.opportunity_id,
    opportunities.opportunity_name,
    opportunities.account_id,
    opportunities.account_name,
    credits.touchpoint_id,
    touches.occurred_at,
    touches.kind as touch_kind,
    credits.model,
    credits.channel,
    credits.campaign_id,
    coalesce(campaigns.campaign_name, credits.campaign_id) as campaign_name,
    credits.created_on,
    credits.won_on,
    credits.cohort_on,
    credits.credit_share,
    credits.pipeline_amount,
    credits.booked_amount,
    credits.invoiced_amount,
    credits.collected_amount
from credits
inner join touches
    on credits.opportunity_id = touches.opportunity_id
    and credits.touchpoint_id = touches.touchpoint_id
inner join opportunities on credits.opportunity_id = opportunities.opportunity_id
left join campaigns on credits.campaign_id = campaigns.campaign_id
