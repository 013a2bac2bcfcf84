{{ config(materialized='view', schema='work') }}

with

invoices as (
    select * from {{ ref('invoices') }}
),

orders as (
    select * from {{ ref('orders') }}
),

contracts as (
    select * from {{ ref('all_contracts') }}
)

select
    invoices.invoice_id,
    coalesce(orders.opportunity_id, contracts.opportunity_id) as opportunity_id,
    invoices.issued_on,
    cast(invoices.amount - invoices.tax_amount as decimal(18, 2)) as net_amount
from invoices
left join orders on invoices.order_id = orders.order_id
left join contracts on invoices.contract_id = contracts.contract_id
