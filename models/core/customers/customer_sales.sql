{{ config(materialized='view', schema='work') }}

with

invoices as (
    select * from {{ ref('invoices') }}
),

credit_notes as (
    select * from {{ ref('credit_notes') }}
),

sales as (
    select
        account_id,
        issued_on,
        amount - tax_amount as amount
    from invoices
    union all
    select
        account_id,
        issued_on,
        tax_amount - amount as amount
    from credit_notes
)

select
    account_id,
    issued_on,
    {{ money_sum('amount') }} as amount
from sales
group by account_id, issued_on
