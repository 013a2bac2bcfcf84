-- Cost in = cost out, leads in = leads out, revenue in = revenue out, in each depth and to the cent: channel_roi under every
-- basis and model, campaign_roi under every model, all sum to the ledgers.
with settings as (
    select * from {{ ref('run_settings') }}
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

invoiced as (
    select {{ money_sum('amount - tax_amount') }} as invoiced_amount
    from {{ ref('invoices') }}
    cross join settings
    where issued_on <= as_of_date
),

paid_invoices as (
    select applications.invoice_id, {{ money_sum('applications.source_amount') }} as applied_amount
    from {{ ref('applications') }} as applications
    cross join settings
    where applications.source_kind = 'payment' and applications.applied_on <= settings.as_of_date
    group by applications.invoice_id
),

collected as (
    select {{ money_sum(money_ratio('paid_invoices.applied_amount', 'invoices.amount - invoices.tax_amount', 'invoices.amount')) }} as collected_amount
    from paid_invoices
    inner join {{ ref('invoices') }} as invoices on paid_invoices.invoice_id = invoices.invoice_id
),

ordered as (
    select {{ money_sum('margin_amount') }} as gross_margin_amount
    from {{ ref('ordered_margins') }}
),

shown as (
    {% for mart, basis in [('channel_roi', 'basis'), ('campaign_roi', "'to date'")] -%}
    select
        {{ basis }} as basis,
        model,
        sum(cost) as cost,
        sum(leads) as leads,
        sum(qualified_leads) as qualified_leads,
        sum(opportunities) as opportunities,
        sum(wins) as wins,
        sum(pipeline_amount) as pipeline_amount,
        sum(booked_amount) as booked_amount,
        sum(invoiced_amount) as invoiced_amount,
        sum(collected_amount) as collected_amount,
        sum(gross_margin_amount) as gross_margin_amount
    from {{ ref(mart) }}
    group by {{ basis }}, model
    {% if not loop.last %}union all{% endif %}
    {% endfor -%}
),

bases as (
    {% for basis in ['period', 'cohort', 'to date'] -%}
    select '{{ basis }}' as basis, model from {{ ref('attribution_models') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor -%}
)

select bases.basis, bases.model, spent.*, journeys.*, deals.*, invoiced.*, collected.*, ordered.*
from bases
cross join spent
cross join journeys
cross join deals
cross join invoiced
cross join collected
cross join ordered
left join shown on bases.basis = shown.basis and bases.model = shown.model
where
    coalesce(shown.cost, 0) <> spent.cost
    or coalesce(shown.leads, 0) <> journeys.leads
    or coalesce(shown.qualified_leads, 0) <> journeys.qualified_leads
    or coalesce(shown.opportunities, 0) <> deals.opportunities
    or coalesce(shown.wins, 0) <> deals.wins
    or coalesce(shown.pipeline_amount, 0) <> deals.pipeline_amount
    or coalesce(shown.booked_amount, 0) <> deals.booked_amount
    or coalesce(shown.invoiced_amount, 0) <> invoiced.invoiced_amount
    or coalesce(shown.collected_amount, 0) <> collected.collected_amount
    or coalesce(shown.gross_margin_amount, 0) <> ordered.gross_margin_amount
