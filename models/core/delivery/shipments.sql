with

shipments as (
    select * from {{ ref('all_shipments') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

orders as (
    select * from {{ ref('orders') }}
)

select
    shipments.shipment_line_id,
    shipments.shipment_id,
    shipments.order_line_id,
    order_lines.order_id,
    shipments.shipped_on,
    shipments.delivered_on,
    shipments.end_customer_on,
    case when orders.partner_id is null then shipments.delivered_on else shipments.end_customer_on end as reached_on,
    shipments.quantity,
    shipments.delay_reason,
    shipments.file_id,
    shipments.row_number
from shipments
inner join order_lines
    on shipments.order_line_id = order_lines.order_line_id
inner join orders
    on order_lines.order_id = orders.order_id
