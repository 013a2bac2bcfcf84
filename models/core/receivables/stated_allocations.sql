{{ config(materialized='view', schema='work') }}

with

allocations as (
    select * from {{ ref('all_payment_allocations') }}
),

payments as (
    select * from {{ ref('payments') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

between_documents as (
    select
        allocations.payment_id,
        allocations.invoice_id,
        allocations.instalment_id,
        allocations.amount,
        allocations.payment_amount as stated_payment_amount,
        invoices.due_on,
        coalesce(invoices.currency, payments.currency) as currency,
        payments.currency as payment_currency,
        payments.exchange_rate as payment_rate,
        payments.document_amount as paid_amount,
        payments.paid_on
    from allocations
    inner join payments
        on allocations.payment_id = payments.payment_id
    left join invoices
        on allocations.invoice_id = invoices.invoice_id
)

select
    between_documents.*,
    case
        when between_documents.stated_payment_amount is not null then between_documents.stated_payment_amount
        when between_documents.currency = between_documents.payment_currency then between_documents.amount
        else {{ money_ratio('between_documents.amount', 'exchange_rates.rate', 'between_documents.payment_rate', scale=12) }}
    end as payment_amount
from between_documents
left join exchange_rates
    on between_documents.currency <> between_documents.payment_currency
    and between_documents.currency = exchange_rates.currency
    and between_documents.paid_on >= exchange_rates.valid_from_on
    and between_documents.paid_on < exchange_rates.valid_until_on
