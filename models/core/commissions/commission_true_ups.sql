{{ config(materialized='view', schema='work') }}

-- Where an event takes a cliff plan over a threshold, what each line had brought before it is paid at the new rate.

with

gains as (
    select * from {{ ref('commission_rated_gains') }}
    where tier_kind = 'cliff' and mode <> 'attainment'
),

bands as (
    select * from {{ ref('commission_bands') }}
),

crossings as (
    select
        gains.*,
        begun.plan_version as band_version,
        begun.rate as rate_before,
        reached.rate as rate_after
    from gains
    inner join bands as begun
        on gains.owner_id = begun.owner_id
        and gains.period = begun.period
        and gains.plan_id = begun.plan_id
        and gains.position_before >= begun.from_amount
        and gains.position_before < begun.until_amount
    inner join bands as reached
        on begun.owner_id = reached.owner_id
        and begun.period = reached.period
        and begun.plan_id = reached.plan_id
        and begun.plan_version = reached.plan_version
        and begun.rate <> reached.rate
        and gains.position_after >= reached.from_amount
        and gains.position_after < reached.until_amount
),

held_lines as (
    select
        *,
        lead(place) over (
            partition by owner_id, run_id, plan_id, plan_version, scope, order_line_id
            order by place
        ) as next_place
    from gains
    where line_rate is null
)

select
    held_lines.owner_id,
    held_lines.run_id,
    held_lines.basis,
    held_lines.base,
    held_lines.mode,
    held_lines.plan_id,
    held_lines.plan_version,
    held_lines.period,
    held_lines.order_id,
    held_lines.order_line_id,
    held_lines.account_id,
    held_lines.share,
    crossings.place,
    crossings.posted_on,
    crossings.event_id || ' of ' || crossings.order_line_id as event_id,
    crossings.shipment_id,
    crossings.invoice_id,
    crossings.payment_id,
    cast(crossings.rate_after - crossings.rate_before as decimal(18, 6)) as rate,
    cast(held_lines.line_base_to_here as decimal(18, 2)) as base_amount,
    cast(
        {{ money_times('held_lines.line_base_to_here', 'crossings.rate_after') }}
        - {{ money_times('held_lines.line_base_to_here', 'crossings.rate_before') }} as decimal(18, 2)
    ) as amount
from held_lines
inner join crossings
    on held_lines.owner_id = crossings.owner_id
    and held_lines.run_id = crossings.run_id
    and held_lines.plan_id = crossings.plan_id
    and held_lines.plan_version = crossings.band_version
    and held_lines.scope = crossings.scope
    and held_lines.place < crossings.place
    and coalesce(held_lines.next_place, crossings.place) >= crossings.place
