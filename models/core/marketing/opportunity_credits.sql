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

weighed as (
    select
        weights.opportunity_id,
        weights.touchpoint_id,
        weights.model,
        touches.channel,
        touches.campaign_id,
        depths.cohort_on,
        depths.created_on,
        depths.won_on,
        depths.pipeline_amount as whole_pipeline_amount,
        depths.booked_amount as whole_booked_amount,
        weights.weight
    from weights
    inner join depths on weights.opportunity_id = depths.opportunity_id
    inner join touches
        on weights.opportunity_id = touches.opportunity_id
        and weights.touchpoint_id = touches.touchpoint_id
),

{# Each depth is split from the unrounded weights, never from the shares. #}
with_shares as (
    {{ allocate('weighed', '1', 'weight', 'opportunity_id, model', 'touchpoint_id', 'credit_share', places=6) }}
),

with_pipeline as (
    {{ allocate('with_shares', 'whole_pipeline_amount', 'weight', 'opportunity_id, model', 'touchpoint_id', 'pipeline_amount') }}
),

with_booked as (
    {{ allocate('with_pipeline', 'whole_booked_amount', 'weight', 'opportunity_id, model', 'touchpoint_id', 'booked_amount') }}
)

select
    opportunity_id,
    touchpoint_id,
    model,
    channel,
    campaign_id,
    credit_share,
    pipeline_amount,
    booked_amount,
    cohort_on,
    created_on,
    won_on
from with_booked
