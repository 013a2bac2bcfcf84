-- Under every model each opportunity there is at as_of_date gives credit for exactly itself: shares sum to 1, each depth to its amount.
with depths as (
    select
        opportunity_id,
        {{ money_sum('pipeline_amount') }} as pipeline_amount,
        {{ money_sum('booked_amount') }} as booked_amount,
        {{ money_sum('invoiced_amount') }} as invoiced_amount,
        {{ money_sum('collected_amount') }} as collected_amount
    from (
        select opportunity_id, pipeline_amount, booked_amount, 0 as invoiced_amount, 0 as collected_amount
        from {{ ref('opportunity_depths') }}
        union all
        select opportunity_id, 0, 0, net_amount, 0
        from {{ ref('opportunity_invoices') }}
        where issued_on <= (select as_of_date from {{ ref('run_settings') }})
        union all
        select invoices.opportunity_id, 0, 0, 0, collections.net_amount
        from {{ ref('net_collections') }} as collections
        inner join {{ ref('opportunity_invoices') }} as invoices on collections.invoice_id = invoices.invoice_id
        where collections.applied_on <= (select as_of_date from {{ ref('run_settings') }})
    ) as movements
    where opportunity_id in (select opportunity_id from {{ ref('opportunity_depths') }})
    group by opportunity_id
),

credits as (
    select
        opportunity_id,
        model,
        sum(credit_share) as shares,
        sum(pipeline_amount) as pipeline_amount,
        sum(booked_amount) as booked_amount,
        sum(invoiced_amount) as invoiced_amount,
        sum(collected_amount) as collected_amount
    from {{ ref('attribution_credits') }}
    group by opportunity_id, model
)

select depths.opportunity_id, models.model, credits.shares, credits.pipeline_amount, credits.booked_amount, credits.invoiced_amount, credits.collected_amount
from depths
cross join {{ ref('attribution_models') }} as models
left join credits on depths.opportunity_id = credits.opportunity_id and models.model = credits.model
where
    credits.shares is distinct from 1
    or credits.pipeline_amount is distinct from depths.pipeline_amount
    or credits.booked_amount is distinct from depths.booked_amount
    or credits.invoiced_amount is distinct from depths.invoiced_amount
    or credits.collected_amount is distinct from depths.collected_amount
