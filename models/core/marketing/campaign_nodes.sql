{{ config(materialized='view', schema='work') }}

with

plans as (
    select * from {{ ref('campaign_plans') }}
),

cycles as (
    select * from {{ ref('campaign_cycles') }}
),

models as (
    select * from {{ ref('attribution_models') }}
    where is_default
),

results as (
    select * from {{ ref('campaign_results') }}
    where basis = 'period'
),

facts as (
    select
        results.campaign_id,
        {{ money_sum('results.cost') }} as spent,
        {{ money_sum('results.booked_amount') }} as booked_amount,
        cast(sum(results.leads) as bigint) as leads
    from results
    inner join models on results.model = models.model
    group by results.campaign_id
)

select
    coalesce(plans.campaign_id, facts.campaign_id) as campaign_id,
    coalesce(plans.campaign_name, plans.campaign_id, facts.campaign_id) as campaign_name,
    case when cycles.campaign_id is null then parents.campaign_id end as parent_campaign_id,
    coalesce(plans.level, '(none)') as level,
    coalesce(plans.channel, '(none)') as channel,
    plans.starts_on,
    plans.ends_on,
    plans.status,
    plans.owner_id,
    plans.budget,
    plans.committed_amount,
    plans.expected_revenue_amount,
    plans.expected_leads,
    coalesce(facts.spent, 0) as spent,
    coalesce(facts.booked_amount, 0) as booked_amount,
    coalesce(facts.leads, 0) as leads
from plans
full outer join facts on plans.campaign_id = facts.campaign_id
left join plans as parents on plans.parent_campaign_id = parents.campaign_id
left join cycles on plans.campaign_id = cycles.campaign_id
