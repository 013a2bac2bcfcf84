{{ config(materialized='table', schema='work') }}

with

movements as (
    select * from {{ ref('receivable_movements') }}
),

items as (
    select * from {{ ref('receivable_items') }}
),

product_lines as (
    select
        invoice_id,
        case when count(*) = 1 then min(product_line) end as product_line
    from {{ ref('invoice_product_lines') }}
    group by invoice_id
),

daily as (
    select
        item_id,
        moved_on,
        sum(document_amount) as document_amount,
        sum(amount) as amount
    from movements
    group by item_id, moved_on
),

spans as (
    select
        item_id,
        moved_on as from_on,
        lead(moved_on, 1, cast('9999-12-31' as date)) over (partition by item_id order by moved_on) as until_on,
        sum(document_amount) over (partition by item_id order by moved_on) as document_balance_amount,
        sum(amount) over (partition by item_id order by moved_on) as balance_amount
    from daily
)

select
    spans.item_id,
    items.invoice_id,
    items.account_id,
    items.owner_id,
    items.currency,
    case when product_lines.invoice_id is null then '(none)' else product_lines.product_line end as product_line,
    items.is_unapplied,
    items.is_disputed,
    items.issued_on,
    items.due_on,
    spans.from_on,
    spans.until_on,
    cast(spans.document_balance_amount as decimal(18, 2)) as document_balance_amount,
    cast(spans.balance_amount as decimal(18, 2)) as balance_amount
from spans
inner join items
    on spans.item_id = items.item_id
left join product_lines
    on items.invoice_id = product_lines.invoice_id
where
    spans.document_balance_amount <> 0
    or spans.balance_amount <> 0
