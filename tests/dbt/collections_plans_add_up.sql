-- Plans that ask for more than their invoice, or whose instalments do not sum to their contract, are named here; what a
-- plan leaves of an invoice is due on the invoice's own day, and what it asks beyond is no receivable.
{{ config(severity='warn') }}

with

instalments as (
    select * from {{ ref('instalments') }}
),

amendments as (
    select
        contract_id,
        sum(amount) as amount
    from {{ ref('all_contract_changes') }}
    where kind = 'amended'
    group by contract_id
),

contracts as (
    select
        contracts.contract_id,
        contracts.amount + coalesce(amendments.amount, 0) as amount
    from {{ ref('all_contracts') }} as contracts
    left join amendments
        on contracts.contract_id = amendments.contract_id
),

by_invoice as (
    select
        invoice_id,
        sum(invoice_document_amount) as planned_amount
    from instalments
    where is_receivable
    group by invoice_id
),

by_contract as (
    select
        contract_id,
        currency,
        sum(document_amount) as planned_amount
    from instalments
    where not is_receivable and contract_id is not null
    group by contract_id, currency
)

select
    'invoice' as document_kind,
    invoices.invoice_id as document_id,
    invoices.document_amount,
    by_invoice.planned_amount
from by_invoice
inner join {{ ref('invoices') }} as invoices
    on by_invoice.invoice_id = invoices.invoice_id
where by_invoice.planned_amount > invoices.document_amount
union all
select
    'contract' as document_kind,
    contracts.contract_id as document_id,
    contracts.amount as document_amount,
    by_contract.planned_amount
from by_contract
inner join contracts
    on by_contract.contract_id = contracts.contract_id
where by_contract.planned_amount <> contracts.amount
union all
select
    'instalment' as document_kind,
    instalment_id as document_id,
    cast(null as decimal(18, 2)) as document_amount,
    document_amount as planned_amount
from instalments
where not is_receivable and contract_id is null
