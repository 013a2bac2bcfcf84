{{ config(materialized='view', schema='work') }}

with

applications as (
    select * from {{ ref('applications') }}
),

payments as (
    select * from {{ ref('payments') }}
),

write_offs as (
    select * from {{ ref('receivable_credits') }}
    where source_kind = 'write_off'
),

invoices as (
    select * from {{ ref('invoices') }}
),

written_off as (
    select
        source_id,
        {{ money_sum('document_amount') }} as document_amount
    from applications
    where source_kind = 'write_off'
    group by source_id
),

repeated as (
    select
        payment_id,
        row_number() over (
            partition by account_id, paid_on, document_amount, currency, invoice_id, order_id, contract_id
            order by payment_id
        ) as place
    from payments
    where coalesce(invoice_id, order_id, contract_id) is not null
)

select distinct
    'applied_to_another_account' as finding,
    source_kind || 's' as entity_kind,
    source_id || ' on ' || invoice_id as value
from applications
where source_account_id <> account_id
union all
select
    'payment_like_another' as finding,
    'payments' as entity_kind,
    payment_id as value
from repeated
where place > 1
union all
select
    'write_off_of_more_than_was_open' as finding,
    'write_offs' as entity_kind,
    write_offs.source_id || ' on ' || write_offs.invoice_id as value
from write_offs
inner join invoices
    on write_offs.invoice_id = invoices.invoice_id
left join written_off
    on write_offs.source_id = written_off.source_id
where write_offs.document_amount <> coalesce(written_off.document_amount, 0)
