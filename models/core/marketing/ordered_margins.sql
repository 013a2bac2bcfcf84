{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

orders as (
    select * from {{ ref('orders') }}
)

select
    order_lines.order_line_id,
    orders.opportunity_id,
    order_lines.product_id,
    orders.ordered_on,
    order_lines.amount as net_amount,
    order_lines.cost_amount,
    order_lines.margin_amount
from order_lines
cross join settings
inner join orders on order_lines.order_id = orders.order_id
where
    orders.ordered_on <= settings.as_of_date
    and (order_lines.cancelled_on is null or order_lines.cancelled_on > settings.as_of_date)
