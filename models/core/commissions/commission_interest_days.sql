{{ config(materialized='view', schema='work') }}

-- Money applied before or after its due day, by owner and order line; a refund undoes the days of the payment that it takes back.

with

events as (
    select * from {{ ref('commission_owner_events') }}
    where basis = 'money' and base = 'collected'
),

terms as (
    select * from {{ ref('commission_terms') }}
    where bonus_annual_rate <> 0 or penalty_annual_rate <> 0
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

dated as (
    select
        events.*,
        order_lines.account_id,
        terms.run_id,
        terms.plan_id,
        terms.plan_version,
        terms.mode,
        terms.bonus_annual_rate,
        terms.penalty_annual_rate,
        terms.interest_cap_rate,
        terms.grace_days,
        coalesce(events.shipment_id, events.invoice_id) as batch_id,
        case when events.is_loss then -events.base_amount else events.base_amount end as net_amount,
        {{ days_between('events.due_on', 'events.interest_on') }} as days_late
    from events
    inner join terms
        on events.owner_id = terms.owner_id
        and events.occurred_on >= terms.from_on
        and events.occurred_on < terms.until_on
    inner join order_lines
        on events.order_line_id = order_lines.order_line_id
)

select
    *,
    'bonus_interest' as kind,
    bonus_annual_rate as annual_rate,
    cast(net_amount * -days_late as decimal(38, 2)) as amount_days
from dated
where days_late < 0 and bonus_annual_rate <> 0
union all
select
    *,
    'penalty_interest' as kind,
    penalty_annual_rate as annual_rate,
    cast(net_amount * days_late as decimal(38, 2)) as amount_days
from dated
where days_late > grace_days and days_late > 0 and penalty_annual_rate <> 0
