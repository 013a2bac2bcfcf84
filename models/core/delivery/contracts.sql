with

settings as (
    select * from {{ ref('run_settings') }}
),

contracts as (
    select * from {{ ref('all_contracts') }}
),

approvals as (
    select * from {{ ref('all_approvals') }}
    where document_kind = 'contract'
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

approved_documents as (
    select
        document_id as contract_id,
        cast(max(decided_at) as date) as approved_on
    from approvals
    group by document_id
    having count(*) = sum(case when decision = 'approved' and decided_at is not null then 1 else 0 end)
),

in_currency as (
    select
        contracts.*,
        coalesce(cast(contracts.approved_at as date), approved_documents.approved_on) as approved_on,
        coalesce(contracts.signed_on, contracts.starts_on, cast(contracts.submitted_at as date), settings.as_of_date) as rate_on,
        coalesce(contracts.currency, settings.company_currency) as own_currency
    from contracts
    cross join settings
    left join approved_documents
        on contracts.contract_id = approved_documents.contract_id
)

select
    in_currency.contract_id,
    in_currency.account_id,
    in_currency.opportunity_id,
    in_currency.owner_id,
    in_currency.partner_id,
    in_currency.signed_on,
    in_currency.approved_on,
    in_currency.starts_on,
    in_currency.ends_on,
    in_currency.status,
    in_currency.rate_on,
    in_currency.own_currency as currency,
    in_currency.currency is null as is_currency_missing,
    exchange_rates.rate as exchange_rate,
    in_currency.amount as document_amount,
    {{ money_times('in_currency.amount', 'exchange_rates.rate') }} as amount,
    in_currency.file_id,
    in_currency.row_number
from in_currency
left join exchange_rates
    on in_currency.own_currency = exchange_rates.currency
    and in_currency.rate_on >= exchange_rates.valid_from_on
    and in_currency.rate_on < exchange_rates.valid_until_on
