with

facts as (
    select * from {{ ref('campaign_facts') }}
),

models as (
    select * from {{ ref('attribution_models') }}
),

facts_by_model as (
    select
        facts.*,
        models.model as counted_under
    from facts
    inner join models on coalesce(facts.model, models.model) = models.model
)

select
    'period' as basis,
    month,
    campaign_id,
    channel,
    counted_under as model,
    {{ money_sum('cost') }} as cost,
    cast(sum(leads) as bigint) as leads,
    cast(sum(qualified_leads) as bigint) as qualified_leads,
    cast(sum(converted_leads) as bigint) as converted_leads,
    cast(sum(won_leads) as bigint) as won_leads,
    cast(sum(lost_leads) as bigint) as lost_leads,
    cast(sum(opportunities) as decimal(18, 6)) as opportunities,
    cast(sum(wins) as decimal(18, 6)) as wins,
    {{ money_sum('pipeline_amount') }} as pipeline_amount,
    {{ money_sum('booked_amount') }} as booked_amount
from facts_by_model
group by month, campaign_id, channel, counted_under
