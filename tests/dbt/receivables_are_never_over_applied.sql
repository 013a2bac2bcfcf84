-- On no day is more applied to a part of an invoice than it asks, and nothing is left in company currency when it is settled.
with

daily as (
    select
        item_id,
        moved_on,
        sum(document_amount) as document_amount,
        sum(amount) as amount
    from {{ ref('receivable_movements') }}
    where invoice_id is not null
    group by item_id, moved_on
),

balances as (
    select
        item_id,
        moved_on,
        sum(document_amount) over (partition by item_id order by moved_on) as document_balance_amount,
        sum(amount) over (partition by item_id order by moved_on) as balance_amount
    from daily
),

parts as (
    select * from {{ ref('invoice_parts') }}
)

select
    balances.item_id,
    balances.moved_on,
    balances.document_balance_amount,
    balances.balance_amount
from balances
inner join parts
    on balances.item_id = parts.item_id
where
    sign(balances.document_balance_amount) not in (0, sign(parts.document_amount))
    or abs(balances.document_balance_amount) > abs(parts.document_amount)
    or (balances.document_balance_amount = 0 and balances.balance_amount <> 0)
