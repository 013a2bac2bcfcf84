-- Under every model each opportunity there is at as_of_date gives credit for exactly itself: shares sum to 1, each depth to its amount.
with depths as (
    select depths.*, models.model
    from {{ ref('opportunity_depths') }} as depths
    cross join {{ ref('attribution_models') }} as models
),

credits as (
    select
        opportunity_id,
        model,
        sum(credit_share) as shares,
        sum(pipeline_amount) as pipeline_amount,
        sum(booked_amount) as booked_amount
    from {{ ref('opportunity_credits') }}
    group by opportunity_id, model
)

select depths.opportunity_id, depths.model, credits.shares, credits.pipeline_amount, credits.booked_amount
from depths
left join credits on depths.opportunity_id = credits.opportunity_id and depths.model = credits.model
where
    credits.shares is distinct from 1
    or credits.pipeline_amount is distinct from depths.pipeline_amount
    or credits.booked_amount is distinct from depths.booked_amount
