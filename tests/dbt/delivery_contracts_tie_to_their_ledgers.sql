-- Over all contracts: amounts are the ledger of changes, ordered and returned are the order lines and returns, invoiced and
-- collected are the invoices and the money applied to them.
with

settings as (
    select * from {{ ref('run_settings') }}
),

contracts as (
    select * from {{ ref('contract_execution') }}
),

amounts as (
    select contract_id, 'contract' as kind, contract_amount as amount from contracts
    union all
    select contract_id, 'ordered' as kind, ordered_amount as amount from contracts
    union all
    select contract_id, 'returned' as kind, returned_amount as amount from contracts
    union all
    select contract_id, 'invoiced' as kind, invoiced_amount as amount from contracts
    union all
    select contract_id, 'collected' as kind, collected_amount as amount from contracts
),

ledgers as (
    select movements.contract_id, 'contract' as kind, movements.amount
    from {{ ref('contract_movements') }} as movements
    cross join settings
    where movements.moved_on <= settings.as_of_date
    union all
    select orders.contract_id, 'ordered' as kind, lines.amount
    from {{ ref('order_lines') }} as lines
    cross join settings
    inner join {{ ref('orders') }} as orders on lines.order_id = orders.order_id
    where lines.ordered_on <= settings.as_of_date and coalesce(lines.cancelled_on > settings.as_of_date, true)
    union all
    select orders.contract_id, 'returned' as kind, returns.amount
    from {{ ref('returns') }} as returns
    cross join settings
    inner join {{ ref('orders') }} as orders on returns.order_id = orders.order_id
    where returns.returned_on <= settings.as_of_date and orders.ordered_on <= settings.as_of_date
    union all
    select invoices.contract_id, 'invoiced' as kind, invoices.amount - invoices.tax_amount as amount
    from {{ ref('invoices') }} as invoices
    cross join settings
    where invoices.issued_on <= settings.as_of_date
    union all
    select invoices.contract_id, 'collected' as kind, collections.net_amount as amount
    from {{ ref('net_collections') }} as collections
    cross join settings
    inner join {{ ref('invoices') }} as invoices on collections.invoice_id = invoices.invoice_id
    where collections.applied_on <= settings.as_of_date
),

differences as (
    select contract_id, kind, amount from amounts
    union all
    select ledgers.contract_id, ledgers.kind, -ledgers.amount as amount
    from ledgers
    inner join contracts on ledgers.contract_id = contracts.contract_id
)

select
    contract_id,
    kind,
    sum(amount) as difference
from differences
group by contract_id, kind
having sum(amount) <> 0
