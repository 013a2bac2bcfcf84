with

settings as (
    select * from {{ ref('run_settings') }}
),

plans as (
    select * from {{ ref('all_collection_plans') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

in_currency as (
    select
        plans.*,
        invoices.account_id as invoice_account_id,
        invoices.invoice_id is not null as is_receivable,
        invoices.currency as invoice_currency,
        invoices.exchange_rate as invoice_rate,
        coalesce(invoices.issued_on, plans.due_on) as rate_on,
        coalesce(plans.currency, invoices.currency, settings.company_currency) as own_currency
    from plans
    cross join settings
    left join invoices
        on plans.invoice_id = invoices.invoice_id
)

select
    in_currency.instalment_id,
    coalesce(in_currency.account_id, in_currency.invoice_account_id) as account_id,
    in_currency.contract_id,
    in_currency.invoice_id,
    in_currency.is_receivable,
    in_currency.owner_id,
    in_currency.due_on,
    in_currency.method,
    in_currency.rate_on,
    in_currency.own_currency as currency,
    in_currency.currency is null as is_currency_missing,
    exchange_rates.rate as exchange_rate,
    in_currency.amount as document_amount,
    {{ money_times('in_currency.amount', 'exchange_rates.rate') }} as amount,
    case
        when in_currency.own_currency = in_currency.invoice_currency then in_currency.amount
        else {{ money_ratio('in_currency.amount', 'exchange_rates.rate', 'in_currency.invoice_rate', scale=12) }}
    end as invoice_document_amount,
    in_currency.file_id,
    in_currency.row_number
from in_currency
left join exchange_rates
    on in_currency.own_currency = exchange_rates.currency
    and in_currency.rate_on >= exchange_rates.valid_from_on
    and in_currency.rate_on < exchange_rates.valid_until_on
