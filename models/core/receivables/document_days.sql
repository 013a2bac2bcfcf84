{{ config(materialized='view', schema='work') }}

select
    'invoices' as entity_kind,
    invoice_id as document_id,
    account_id,
    issued_on as day
from {{ ref('invoices') }}
union all
select
    'invoices' as entity_kind,
    invoice_id as document_id,
    account_id,
    due_on as day
from {{ ref('invoices') }}
union all
select
    'payments' as entity_kind,
    payment_id as document_id,
    account_id,
    paid_on as day
from {{ ref('payments') }}
union all
select
    'credit_notes' as entity_kind,
    credit_note_id as document_id,
    account_id,
    issued_on as day
from {{ ref('credit_notes') }}
