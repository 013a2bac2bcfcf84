with

settings as (
    select * from {{ ref('run_settings') }}
),

invoices as (
    select * from {{ ref('all_invoices') }}
),

orders as (
    select * from {{ ref('all_orders') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

in_currency as (
    select
        invoices.*,
        coalesce(invoices.contract_id, orders.contract_id) as own_contract_id,
        coalesce(invoices.currency, settings.company_currency) as own_currency
    from invoices
    cross join settings
    left join orders
        on invoices.order_id = orders.order_id
)

select
    in_currency.invoice_id,
    in_currency.account_id,
    in_currency.order_id,
    in_currency.own_contract_id as contract_id,
    in_currency.shipment_id,
    in_currency.owner_id,
    in_currency.issued_on,
    in_currency.due_on,
    in_currency.own_currency as currency,
    in_currency.currency is null as is_currency_missing,
    exchange_rates.rate as exchange_rate,
    in_currency.amount as document_amount,
    coalesce(in_currency.tax_amount, 0) as document_tax_amount,
    {{ money_times('in_currency.amount', 'exchange_rates.rate') }} as amount,
    {{ money_times('coalesce(in_currency.tax_amount, 0)', 'exchange_rates.rate') }} as tax_amount,
    coalesce(in_currency.is_disputed, false) as is_disputed,
    in_currency.file_id,
    in_currency.row_number
from in_currency
left join exchange_rates
    on in_currency.own_currency = exchange_rates.currency
    and in_currency.issued_on >= exchange_rates.valid_from_on
    and in_currency.issued_on < exchange_rates.valid_until_on
