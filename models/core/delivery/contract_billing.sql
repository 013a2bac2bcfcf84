{{ config(materialized='view', schema='work') }}

-- One row per invoice, credit note, application and overdue item of a contract, net of tax; the mart adds them up.

with

settings as (
    select * from {{ ref('run_settings') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

credit_notes as (
    select * from {{ ref('credit_notes') }}
),

orders as (
    select * from {{ ref('orders') }}
),

collections as (
    select * from {{ ref('net_collections') }}
),

open_receivables as (
    select * from {{ ref('open_receivables') }}
)

select
    invoices.contract_id,
    invoices.order_id,
    invoices.shipment_id,
    'invoiced' as kind,
    invoices.issued_on as moved_on,
    cast(invoices.amount - invoices.tax_amount as decimal(18, 2)) as amount
from invoices
cross join settings
where invoices.issued_on <= settings.as_of_date
union all
select
    coalesce(invoices.contract_id, orders.contract_id) as contract_id,
    coalesce(invoices.order_id, credit_notes.order_id) as order_id,
    invoices.shipment_id,
    case when credit_notes.return_id is null then 'credited' else 'credited_return' end as kind,
    credit_notes.issued_on as moved_on,
    cast(credit_notes.amount - credit_notes.tax_amount as decimal(18, 2)) as amount
from credit_notes
cross join settings
left join invoices
    on credit_notes.invoice_id = invoices.invoice_id
left join orders
    on credit_notes.order_id = orders.order_id
where credit_notes.issued_on <= settings.as_of_date
union all
select
    invoices.contract_id,
    invoices.order_id,
    invoices.shipment_id,
    'collected' as kind,
    collections.applied_on as moved_on,
    collections.net_amount as amount
from collections
cross join settings
inner join invoices
    on collections.invoice_id = invoices.invoice_id
where collections.applied_on <= settings.as_of_date
union all
select
    invoices.contract_id,
    invoices.order_id,
    invoices.shipment_id,
    'overdue' as kind,
    invoices.due_on as moved_on,
    {{ money_ratio('open_receivables.balance_amount', 'invoices.amount - invoices.tax_amount', 'invoices.amount') }} as amount
from open_receivables
inner join settings
    on open_receivables.reporting_date = settings.as_of_date
inner join invoices
    on open_receivables.invoice_id = invoices.invoice_id
where open_receivables.days_past_due > 0
