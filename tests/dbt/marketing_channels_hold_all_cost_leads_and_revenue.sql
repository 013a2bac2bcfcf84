-- Cost in = cost out, leads in = leads out, revenue in = revenue out: channel_roi sums to the ledgers under every basis and model.
with settings as (
    select * from {{ ref('run_settings') }}
),

bases as (
    select 'period' as basis, model
    from {{ ref('attribution_models') }}
),

spent as (
    select {{ money_sum('cost') }} as cost
    from {{ ref('spend_daily') }}
    cross join settings
    where spent_on <= as_of_date
),

journeys as (
    select count(*) as leads, count(qualified_on) as qualified_leads
    from {{ ref('lead_journeys') }}
),

deals as (
    select
        count(*) as opportunities,
        count(won_on) as wins,
        {{ money_sum('pipeline_amount') }} as pipeline_amount,
        {{ money_sum('booked_amount') }} as booked_amount
    from {{ ref('opportunity_depths') }}
),

channels as (
    select
        basis,
        model,
        sum(cost) as cost,
        sum(leads) as leads,
        sum(qualified_leads) as qualified_leads,
        sum(opportunities) as opportunities,
        sum(wins) as wins,
        sum(pipeline_amount) as pipeline_amount,
        sum(booked_amount) as booked_amount
    from {{ ref('channel_roi') }}
    group by basis, model
)

select bases.basis, bases.model, spent.*, journeys.*, deals.*
from bases
cross join spent
cross join journeys
cross join deals
left join channels on bases.basis = channels.basis and bases.model = channels.model
where
    coalesce(channels.cost, 0) <> spent.cost
    or coalesce(channels.leads, 0) <> journeys.leads
    or coalesce(channels.qualified_leads, 0) <> journeys.qualified_leads
    or coalesce(channels.opportunities, 0) <> deals.opportunities
    or coalesce(channels.wins, 0) <> deals.wins
    or coalesce(channels.pipeline_amount, 0) <> deals.pipeline_amount
    or coalesce(channels.booked_amount, 0) <> deals.booked_amount
