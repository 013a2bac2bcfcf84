with

weights as (
    select * from {{ ref('attribution_weights') }}
),

depths as (
    select * from {{ ref('opportunity_depths') }}
),

touches as (
    select * from {{ ref('opportunity_touches') }}
),

revenue_credits as (
    select * from {{ ref('revenue_credits') }}
),

amounts as (
    select
        {% for depth in ['pipeline', 'booked', 'invoiced', 'collected'] -%}
        {{ money_sum("case when depth = '" ~ depth ~ "' then amount end") }} as {{ depth }}_amount,
        {% endfor -%}
        opportunity_id,
        touchpoint_id,
        model
    from revenue_credits
    group by opportunity_id, touchpoint_id, model
),

shared as (
    {{ allocate('weights', '1', 'weight', 'opportunity_id, model', 'touchpoint_id', 'credit_share', places=6) }}
)

select
    shared.opportunity_id,
    shared.touchpoint_id,
    shared.model,
    touches.channel,
    touches.campaign_id,
    shared.credit_share,
    {% for depth in ['pipeline', 'booked', 'invoiced', 'collected'] -%}
    cast(coalesce(amounts.{{ depth }}_amount, 0) as decimal(18, 2)) as {{ depth }}_amount,
    {% endfor -%}
    depths.cohort_on,
    depths.created_on,
    depths.won_on
from shared
inner join depths on shared.opportunity_id = depths.opportunity_id
inner join touches
    on shared.opportunity_id = touches.opportunity_id
    and shared.touchpoint_id = touches.touchpoint_id
left join amounts
    on shared.opportunity_id = amounts.opportunity_id
    and shared.touchpoint_id = amounts.touchpoint_id
    and shared.model = amounts.model
