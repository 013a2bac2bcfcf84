-- Payments, credit notes and write-offs that name a document nobody exported, and write-offs of more than was open:
-- they stay unapplied (a write-off without effect) and are listed here.
{{ config(severity='warn') }}

with

invoices as (
    select * from {{ ref('invoices') }}
),

claims as (
    select * from {{ ref('settlement_claims') }}
),

allocations as (
    select * from {{ ref('all_payment_allocations') }}
),

payments as (
    select * from {{ ref('payments') }}
),

write_offs as (
    select * from {{ ref('write_offs') }}
),

written_off as (
    select
        write_off_id,
        sum(document_amount) as document_amount
    from {{ ref('applications') }}
    where write_off_id is not null
    group by write_off_id
)

select
    claims.source_kind,
    claims.source_id,
    'unknown invoice' as reason,
    claims.invoice_id as named_id
from claims
left join invoices
    on claims.invoice_id = invoices.invoice_id
where
    claims.invoice_id is not null
    and invoices.invoice_id is null
union all
select
    'allocation' as source_kind,
    allocations.invoice_id as source_id,
    'unknown payment' as reason,
    allocations.payment_id as named_id
from allocations
left join payments
    on allocations.payment_id = payments.payment_id
where payments.payment_id is null
union all
select
    'write_off' as source_kind,
    write_offs.write_off_id as source_id,
    'more than was open' as reason,
    write_offs.invoice_id as named_id
from write_offs
inner join invoices
    on write_offs.invoice_id = invoices.invoice_id
left join written_off
    on write_offs.write_off_id = written_off.write_off_id
where write_offs.document_amount <> coalesce(written_off.document_amount, 0)
