with

nodes as (
    select * from {{ ref('campaign_nodes') }}
),

branches as (
    select * from {{ ref('campaign_branches') }}
),

totals as (
    select
        branch_id,
        cast(sum(budget) as decimal(18, 2)) as budget,
        cast(sum(committed_amount) as decimal(18, 2)) as committed_amount,
        cast(sum(expected_revenue_amount) as decimal(18, 2)) as expected_revenue_amount,
        cast(sum(expected_leads) as bigint) as expected_leads,
        {{ money_sum('budget_left') }} as budget_left,
        {{ money_sum('spent') }} as spent,
        {{ money_sum('booked_amount') }} as booked_amount,
        cast(sum(leads) as bigint) as leads
    from branches
    group by branch_id
),

forecasts as (
    select
        *,
        cast(greatest(spent + budget_left, coalesce(committed_amount, 0)) as decimal(18, 2)) as forecast_cost
    from totals
)

select
    nodes.campaign_id,
    nodes.campaign_name,
    nodes.parent_campaign_id,
    nodes.level,
    nodes.channel,
    nodes.starts_on,
    nodes.ends_on,
    nodes.status,
    nodes.owner_id,
    forecasts.budget,
    forecasts.committed_amount,
    forecasts.spent,
    forecasts.forecast_cost,
    cast(forecasts.forecast_cost - forecasts.budget as decimal(18, 2)) as variance_amount,
    forecasts.expected_revenue_amount,
    forecasts.booked_amount,
    forecasts.expected_leads,
    forecasts.leads
from nodes
inner join forecasts on nodes.campaign_id = forecasts.branch_id
