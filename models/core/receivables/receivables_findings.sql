{{ config(materialized='view', schema='work') }}

with

documents as (
    select * from {{ ref('document_days') }}
),

settings as (
    select * from {{ ref('run_settings') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

payments as (
    select * from {{ ref('payments') }}
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

select * from {{ ref('unknown_accounts') }}
union all
select distinct
    'day_more_than_ten_years_ahead' as finding,
    documents.entity_kind,
    documents.document_id || ' ' || documents.day as value,
    1 as records
from documents
inner join settings
    on documents.day > {{ add_months('settings.as_of_date', 120) }}
union all
select
    'due_before_issued' as finding,
    'invoices' as entity_kind,
    invoice_id as value,
    1 as records
from invoices
where due_on < issued_on
union all
select
    'applied_to_another_account' as finding,
    source_kind || 's' as entity_kind,
    source_id || ' on ' || invoice_id as value,
    count(*) as records
from {{ ref('applications') }}
where source_account_id <> account_id
group by source_kind, source_id, invoice_id
union all
select
    'payment_like_another' as finding,
    'payments' as entity_kind,
    payment_id as value,
    1 as records
from repeated
where place > 1
