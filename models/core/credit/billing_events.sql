{{ config(materialized='view', schema='work') }}

with

orders as (
    select * from {{ ref('orders') }}
),

line_events as (
    select * from {{ ref('order_line_events') }}
),

returns as (
    select * from {{ ref('returns') }}
),

invoices as (
    select * from {{ ref('invoices') }}
)

select
    orders.account_id,
    coalesce(orders.contract_id, orders.order_id) as billed_id,
    line_events.day,
    line_events.open_amount,
    line_events.delivered_amount,
    cast(0 as decimal(18, 2)) as returned_amount,
    cast(0 as decimal(18, 2)) as invoiced_amount
from line_events
inner join orders
    on line_events.order_id = orders.order_id
union all
select
    orders.account_id,
    coalesce(orders.contract_id, orders.order_id) as billed_id,
    returns.returned_on as day,
    cast(0 as decimal(18, 2)) as open_amount,
    cast(0 as decimal(18, 2)) as delivered_amount,
    returns.amount as returned_amount,
    cast(0 as decimal(18, 2)) as invoiced_amount
from returns
inner join orders
    on returns.order_id = orders.order_id
union all
select
    account_id,
    coalesce(contract_id, order_id) as billed_id,
    issued_on as day,
    cast(0 as decimal(18, 2)) as open_amount,
    cast(0 as decimal(18, 2)) as delivered_amount,
    cast(0 as decimal(18, 2)) as returned_amount,
    cast(amount - tax_amount as decimal(18, 2)) as invoiced_amount
from invoices
where coalesce(contract_id, order_id) is not null
