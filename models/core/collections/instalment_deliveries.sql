{{ config(materialized='view', schema='work') }}

with

instalments as (
    select * from {{ ref('instalments') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

orders as (
    select * from {{ ref('orders') }}
),

shipments as (
    select
        order_id,
        shipment_id,
        coalesce(delivered_on, shipped_on) as delivered_on
    from {{ ref('shipments') }}
),

by_order as (
    select
        order_id,
        min(delivered_on) as delivered_on
    from shipments
    group by order_id
),

by_shipment as (
    select
        shipment_id,
        min(delivered_on) as delivered_on
    from shipments
    group by shipment_id
),

by_contract as (
    select
        orders.contract_id,
        min(by_order.delivered_on) as delivered_on
    from orders
    inner join by_order
        on orders.order_id = by_order.order_id
    where orders.contract_id is not null
    group by orders.contract_id
)

select
    instalments.instalment_id,
    case
        when coalesce(invoices.shipment_id, invoices.order_id, invoices.contract_id, instalments.contract_id) is null
            then invoices.issued_on
        else coalesce(by_shipment.delivered_on, by_order.delivered_on, by_contract.delivered_on)
    end as delivered_on
from instalments
left join invoices
    on instalments.invoice_id = invoices.invoice_id
left join by_shipment
    on invoices.shipment_id = by_shipment.shipment_id
left join by_order
    on invoices.order_id = by_order.order_id
left join by_contract
    on coalesce(invoices.contract_id, instalments.contract_id) = by_contract.contract_id
