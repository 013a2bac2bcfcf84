{{ config(materialized='view', schema='work') }}

with

movements as (
    select * from {{ ref('receivable_movements') }}
    where source_kind = 'payment' and kind <> 'fx_difference' and instalment_id is null
),

invoices as (
    select * from {{ ref('invoices') }}
),

payments as (
    select * from {{ ref('payments') }}
),

orders as (
    select * from {{ ref('orders') }}
),

of_contracts as (
    select
        case
            when movements.invoice_id is not null then invoices.contract_id
            else coalesce(payments.contract_id, orders.contract_id)
        end as contract_id,
        movements.moved_on,
        movements.currency,
        -movements.document_amount as document_amount,
        -movements.amount as amount
    from movements
    inner join payments
        on movements.source_id = payments.payment_id
    left join invoices
        on movements.invoice_id = invoices.invoice_id
    left join orders
        on payments.order_id = orders.order_id
)

select
    contract_id,
    moved_on,
    currency,
    {{ money_sum('document_amount') }} as document_amount,
    {{ money_sum('amount') }} as amount
from of_contracts
where contract_id is not null
group by contract_id, moved_on, currency
having sum(document_amount) <> 0 or sum(amount) <> 0
