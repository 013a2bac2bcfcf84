{{ config(materialized='view', schema='work') }}

with

invoices as (
    select * from {{ ref('invoices') }}
),

payments as (
    select * from {{ ref('payments') }}
),

naming as (
    select
        source_kind || 's' as entity_kind,
        source_id as document_id,
        invoice_id
    from {{ ref('settlement_claims') }}
    union distinct
    select
        'promises' as entity_kind,
        promise_id as document_id,
        invoice_id
    from {{ ref('all_promises') }}
    union distinct
    select
        'disputes' as entity_kind,
        dispute_id as document_id,
        invoice_id
    from {{ ref('all_disputes') }}
    union distinct
    select
        'collection_plans' as entity_kind,
        instalment_id as document_id,
        invoice_id
    from {{ ref('all_collection_plans') }}
),

allocations as (
    select * from {{ ref('all_payment_allocations') }}
)

select
    'names_an_unknown_invoice' as finding,
    naming.entity_kind,
    naming.document_id || ' on ' || naming.invoice_id as value,
    1 as records
from naming
left join invoices
    on naming.invoice_id = invoices.invoice_id
where naming.invoice_id is not null and invoices.invoice_id is null
union all
select
    'allocation_of_an_unknown_payment' as finding,
    'payment_allocations' as entity_kind,
    allocations.payment_id || ' on ' || allocations.invoice_id as value,
    count(*) as records
from allocations
left join payments
    on allocations.payment_id = payments.payment_id
where payments.payment_id is null
group by allocations.payment_id, allocations.invoice_id
