{{ config(materialized='view', schema='work') }}

-- What each batch of a contract's orders shipped and delivered, laid out along its order lines, and what was invoiced and
-- collected for it, net of tax; invoices without a shipment are batch `(none)`.

with

settings as (
    select * from {{ ref('run_settings') }}
),

orders as (
    select * from {{ ref('orders') }}
    where contract_id is not null
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

shipments as (
    select
        shipments.shipment_line_id,
        shipments.shipment_id,
        shipments.order_line_id,
        shipments.order_id,
        shipments.shipped_on,
        shipments.delivered_on,
        shipments.quantity,
        orders.contract_id,
        order_lines.amount as line_amount,
        order_lines.quantity as line_quantity
    from {{ ref('shipments') }} as shipments
    inner join order_lines
        on shipments.order_line_id = order_lines.order_line_id
    inner join orders
        on order_lines.order_id = orders.order_id
    cross join settings
    where order_lines.ordered_on <= settings.as_of_date
),

{% for kind in ['shipped', 'delivered'] -%}
{{ kind }} as (
    select
        *,
        sum(quantity) over (
            partition by order_line_id
            order by {{ kind }}_on, shipment_line_id
            rows between unbounded preceding and current row
        ) as to_here
    from shipments
    cross join settings
    where shipments.{{ kind }}_on <= settings.as_of_date
),

{% endfor -%}
billing as (
    select * from {{ ref('contract_billing') }}
    where contract_id is not null and kind in ('invoiced', 'collected', 'overdue')
)

{% for kind in ['shipped', 'delivered'] -%}
select
    contract_id,
    order_id,
    shipment_id,
    '{{ kind }}' as kind,
    {{ kind }}_on as moved_on,
    {{ money_share('line_amount', 'to_here - quantity', 'to_here', 'line_quantity', scale=3) }} as amount
from {{ kind }}
union all
{% endfor -%}
select
    contract_id,
    order_id,
    coalesce(shipment_id, '(none)') as shipment_id,
    kind,
    moved_on,
    amount
from billing
