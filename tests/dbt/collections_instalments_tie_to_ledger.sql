-- What an instalment of an invoice still asks is what the ledger shows open on it, to the cent.
with

settings as (
    select * from {{ ref('run_settings') }}
),

parts as (
    select * from {{ ref('invoice_parts') }}
    where instalment_id is not null
),

balances as (
    select
        movements.item_id,
        sum(movements.document_amount) as document_amount
    from {{ ref('receivable_movements') }} as movements
    inner join settings
        on movements.moved_on <= settings.as_of_date
    group by movements.item_id
),

settled as (
    select
        instalment_id,
        sum(document_amount) as document_amount
    from {{ ref('instalment_settlements') }}
    group by instalment_id
)

select
    parts.instalment_id,
    parts.document_amount - coalesce(settled.document_amount, 0) as open_amount,
    coalesce(balances.document_amount, 0) as ledger_amount
from parts
inner join settings
    on parts.issued_on <= settings.as_of_date
left join settled
    on parts.instalment_id = settled.instalment_id
left join balances
    on parts.item_id = balances.item_id
where parts.document_amount - coalesce(settled.document_amount, 0) <> coalesce(balances.document_amount, 0)
