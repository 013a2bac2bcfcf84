with

settings as (
    select * from {{ ref('run_settings') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

shipments as (
    select * from {{ ref('shipments') }}
),

returns as (
    select * from {{ ref('returns') }}
),

shipped as (
    select
        shipments.order_line_id,
        sum(case when shipments.shipped_on <= settings.as_of_date then shipments.quantity end) as shipped_quantity,
        sum(case when shipments.delivered_on <= settings.as_of_date then shipments.quantity end) as delivered_quantity
    from shipments
    cross join settings
    group by shipments.order_line_id
),

returned as (
    select
        returns.order_line_id,
        sum(returns.quantity) as returned_quantity,
        sum(returns.amount) as returned_amount
    from returns
    cross join settings
    where returns.returned_on <= settings.as_of_date
    group by returns.order_line_id
)

select
    order_lines.order_line_id,
    order_lines.order_id,
    coalesce(order_lines.cancelled_on <= settings.as_of_date, false) as is_cancelled,
    order_lines.quantity as ordered_quantity,
    cast(coalesce(shipped.shipped_quantity, 0) as decimal(18, 3)) as shipped_quantity,
    cast(coalesce(shipped.delivered_quantity, 0) as decimal(18, 3)) as delivered_quantity,
    cast(coalesce(returned.returned_quantity, 0) as decimal(18, 3)) as returned_quantity,
    order_lines.amount as ordered_amount,
    coalesce({{ money_ratio('order_lines.amount', 'shipped.shipped_quantity', 'order_lines.quantity', 3) }}, 0) as shipped_amount,
    coalesce({{ money_ratio('order_lines.amount', 'shipped.delivered_quantity', 'order_lines.quantity', 3) }}, 0) as delivered_amount,
    cast(coalesce(returned.returned_amount, 0) as decimal(18, 2)) as returned_amount
from order_lines
cross join settings
left join shipped
    on order_lines.order_line_id = shipped.order_line_id
left join returned
    on order_lines.order_line_id = returned.order_line_id
where order_lines.ordered_on <= settings.as_of_date
