with

settings as (
    select * from {{ ref('run_settings') }}
),

shipments as (
    select * from {{ ref('shipments') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

orders as (
    select * from {{ ref('orders') }}
)

select
    {{ month_of('shipments.shipped_on') }} as month,
    coalesce(order_lines.product_id, '(none)') as product_id,
    cast(sum(shipments.quantity) as decimal(18, 3)) as shipped_quantity,
    cast(sum(case when orders.opportunity_id is null then shipments.quantity else 0 end) as decimal(18, 3)) as repeat_quantity
from shipments
inner join settings
    on shipments.shipped_on <= settings.as_of_date
inner join order_lines
    on shipments.order_line_id = order_lines.order_line_id
inner join orders
    on order_lines.order_id = orders.order_id
group by {{ month_of('shipments.shipped_on') }}, coalesce(order_lines.product_id, '(none)')
