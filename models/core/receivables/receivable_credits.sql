{{ config(materialized='view', schema='work') }}

with

payments as (
    select * from {{ ref('payments') }}
),

credit_notes as (
    select * from {{ ref('credit_notes') }}
),

write_offs as (
    select * from {{ ref('write_offs') }}
)

select
    'payment' as source_kind,
    payment_id as source_id,
    case when is_refund then 'refund' else 'payment_applied' end as kind,
    case when is_refund then 'refund' else 'unapplied_payment' end as unapplied_kind,
    paid_on as source_on,
    account_id,
    currency,
    exchange_rate,
    document_amount,
    amount,
    invoice_id,
    order_id,
    contract_id,
    file_id,
    row_number
from payments
union all
select
    'credit_note' as source_kind,
    credit_note_id as source_id,
    'credit_note_applied' as kind,
    'unapplied_credit' as unapplied_kind,
    issued_on as source_on,
    account_id,
    currency,
    exchange_rate,
    document_amount,
    amount,
    invoice_id,
    order_id,
    cast(null as varchar) as contract_id,
    file_id,
    row_number
from credit_notes
union all
select
    'write_off' as source_kind,
    write_off_id as source_id,
    'write_off' as kind,
    cast(null as varchar) as unapplied_kind,
    written_off_on as source_on,
    account_id,
    currency,
    exchange_rate,
    document_amount,
    amount,
    invoice_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as contract_id,
    file_id,
    row_number
from write_offs
