{{ config(materialized='view', schema='work') }}

with

order_lines as (
    select * from {{ ref('order_lines') }}
),

shipments as (
    select * from {{ ref('shipments') }}
),

days as (
    select
        order_line_id,
        ordered_on as day,
        cast(0 as decimal(18, 3)) as quantity
    from order_lines
    union all
    select
        order_line_id,
        cancelled_on as day,
        cast(0 as decimal(18, 3)) as quantity
    from order_lines
    where cancelled_on is not null
    union all
    select
        shipments.order_line_id,
        greatest(coalesce(shipments.delivered_on, shipments.shipped_on), order_lines.ordered_on) as day,
        shipments.quantity
    from shipments
    inner join order_lines
        on shipments.order_line_id = order_lines.order_line_id
),

daily as (
    select
        order_line_id,
        day,
        sum(quantity) as quantity
    from days
    group by order_line_id, day
),

running as (
    select
        order_line_id,
        day,
        sum(quantity) over (partition by order_line_id order by day) as delivered_quantity
    from daily
),

states as (
    select
        order_lines.order_id,
        order_lines.order_line_id,
        running.day,
        coalesce({{ money_ratio('order_lines.amount', 'running.delivered_quantity', 'order_lines.quantity', scale=3) }}, 0) as delivered_amount,
        case
            when order_lines.cancelled_on <= running.day then 0
            else
                order_lines.amount
                - coalesce({{ money_ratio('order_lines.amount', 'least(running.delivered_quantity, order_lines.quantity)', 'order_lines.quantity', scale=3) }}, 0)
        end as open_amount
    from running
    inner join order_lines
        on running.order_line_id = order_lines.order_line_id
    where running.day >= order_lines.ordered_on
)

select
    order_id,
    order_line_id,
    day,
    cast(delivered_amount - lag(delivered_amount, 1, cast(0 as decimal(18, 2))) over (
        partition by order_line_id
        order by day
    ) as decimal(18, 2)) as delivered_amount,
    cast(open_amount - lag(open_amount, 1, cast(0 as decimal(18, 2))) over (
        partition by order_line_id
        order by day
    ) as decimal(18, 2)) as open_amount
from states
