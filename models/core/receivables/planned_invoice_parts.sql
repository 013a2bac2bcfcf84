{{ config(materialized='view', schema='work') }}

with

invoices as (
    select * from {{ ref('invoices') }}
),

instalments as (
    select * from {{ ref('instalments') }}
),

planned as (
    select
        instalments.invoice_id,
        instalments.instalment_id,
        instalments.due_on,
        invoices.document_amount as invoice_amount,
        instalments.invoice_document_amount as planned_amount,
        sum(instalments.invoice_document_amount) over (
            partition by instalments.invoice_id
            order by instalments.due_on, instalments.instalment_id
            rows between unbounded preceding and current row
        ) as planned_to_here
    from instalments
    inner join invoices
        on instalments.invoice_id = invoices.invoice_id
    where instalments.invoice_document_amount > 0
)

select
    invoice_id,
    instalment_id,
    due_on,
    cast(least(planned_amount, invoice_amount - (planned_to_here - planned_amount)) as decimal(18, 2)) as document_amount
from planned
where planned_to_here - planned_amount < invoice_amount
