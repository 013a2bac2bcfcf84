{{ config(materialized='view', schema='work') }}

with

instalments as (
    select * from {{ ref('instalments') }}
),

invoices as (
    select * from {{ ref('invoices') }}
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
        cast(contracts.amount + coalesce(amendments.amount, 0) as decimal(18, 2)) as amount
    from {{ ref('all_contracts') }} as contracts
    left join amendments
        on contracts.contract_id = amendments.contract_id
),

by_invoice as (
    select
        invoice_id,
        {{ money_sum('invoice_document_amount') }} as planned_amount
    from instalments
    where is_receivable
    group by invoice_id
),

by_contract as (
    select
        contract_id,
        currency,
        {{ money_sum('document_amount') }} as planned_amount
    from instalments
    where not is_receivable and contract_id is not null
    group by contract_id, currency
)

select
    'plan_of_more_than_its_invoice' as finding,
    by_invoice.invoice_id || ': ' || by_invoice.planned_amount || ' of ' || invoices.document_amount as value
from by_invoice
inner join invoices
    on by_invoice.invoice_id = invoices.invoice_id
where by_invoice.planned_amount > invoices.document_amount
union all
select
    'plan_does_not_sum_to_its_contract' as finding,
    by_contract.contract_id || ': ' || by_contract.planned_amount || ' of ' || contracts.amount as value
from by_contract
inner join contracts
    on by_contract.contract_id = contracts.contract_id
where by_contract.planned_amount <> contracts.amount
union all
select
    'instalment_of_nothing' as finding,
    instalment_id as value
from instalments
where not is_receivable and contract_id is null
