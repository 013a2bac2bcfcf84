{{ config(materialized='view', schema='work') }}

-- The commission of the batch that money paid for late, earned by the day on which it was applied: of the shipment or invoice,
-- of the whole order where the plan pays neither by shipment nor by invoice.

with

interest_days as (
    select * from {{ ref('commission_interest_days') }}
    where kind = 'penalty_interest' and interest_cap_rate is not null
),

earnings as (
    select * from {{ ref('commission_earnings') }}
    where owner_id = earner_id
)

select
    interest_days.owner_id,
    interest_days.run_id,
    interest_days.event_id,
    interest_days.order_line_id,
    {{ money_sum('earnings.amount') }} as batch_commission_amount
from interest_days
inner join earnings
    on interest_days.owner_id = earnings.owner_id
    and interest_days.run_id = earnings.run_id
    and interest_days.order_id = earnings.order_id
    and interest_days.occurred_on >= earnings.posted_on
where
    (earnings.basis = 'money' and interest_days.invoice_id = earnings.invoice_id)
    or (earnings.basis = 'goods' and interest_days.shipment_id = earnings.shipment_id)
    or (earnings.basis = 'goods' and interest_days.shipment_id is null)
    or earnings.mode = 'attainment'
group by interest_days.owner_id, interest_days.run_id, interest_days.event_id, interest_days.order_line_id
