-- The ledger is invoices − credit notes − payments − what was written off + exchange differences, document by document:
-- nothing is lost and nothing counts twice.
with

documents as (
    select 'invoice' as document_kind, invoice_id as document_id, amount from {{ ref('invoices') }}
    union all
    select 'payment' as document_kind, payment_id as document_id, -amount as amount from {{ ref('payments') }}
    union all
    select 'credit_note' as document_kind, credit_note_id as document_id, -amount as amount from {{ ref('credit_notes') }}
),

posted as (
    select
        coalesce(source_kind, 'invoice') as document_kind,
        coalesce(source_id, invoice_id) as document_id,
        amount
    from {{ ref('receivable_movements') }}
    where kind not in ('fx_difference', 'write_off')
),

differences as (
    select document_kind, document_id, amount from documents
    union all
    select document_kind, document_id, -amount as amount from posted
)

select
    document_kind,
    document_id,
    sum(amount) as difference
from differences
group by document_kind, document_id
having sum(amount) <> 0
