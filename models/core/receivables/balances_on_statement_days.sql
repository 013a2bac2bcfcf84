{{ config(materialized='view', schema='work') }}

with

movements as (
    select * from {{ ref('receivable_movements') }}
),

statement_days as (
    select distinct stated_on from {{ ref('stated_balances') }}
)

select
    statement_days.stated_on,
    movements.account_id,
    coalesce(movements.invoice_id, movements.source_id) as document_id,
    movements.currency,
    {{ money_sum('movements.document_amount') }} as document_amount,
    {{ money_sum('movements.amount') }} as amount
from statement_days
inner join movements
    on statement_days.stated_on >= movements.moved_on
group by statement_days.stated_on, movements.account_id, coalesce(movements.invoice_id, movements.source_id), movements.currency
having sum(movements.document_amount) <> 0 or sum(movements.amount) <> 0
