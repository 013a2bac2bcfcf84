with

settings as (
    select * from {{ ref('run_settings') }}
),

write_offs as (
    select * from {{ ref('all_write_offs') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

on_invoices as (
    select
        write_offs.*,
        invoices.account_id,
        invoices.exchange_rate as invoice_rate,
        coalesce(invoices.issued_on, write_offs.written_off_on) as rate_on,
        coalesce(write_offs.currency, invoices.currency, settings.company_currency) as own_currency,
        coalesce(invoices.currency, write_offs.currency, settings.company_currency) as invoice_currency
    from write_offs
    cross join settings
    left join invoices
        on write_offs.invoice_id = invoices.invoice_id
)

select
    on_invoices.write_off_id,
    on_invoices.invoice_id,
    on_invoices.account_id,
    on_invoices.written_off_on,
    on_invoices.rate_on,
    on_invoices.own_currency as stated_currency,
    on_invoices.invoice_currency as currency,
    on_invoices.currency is null as is_currency_missing,
    exchange_rates.rate as exchange_rate,
    case
        when on_invoices.own_currency = on_invoices.invoice_currency then on_invoices.amount
        else {{ money_ratio('on_invoices.amount', 'exchange_rates.rate', 'on_invoices.invoice_rate', scale=12) }}
    end as document_amount,
    {{ money_times('on_invoices.amount', 'exchange_rates.rate') }} as amount,
    on_invoices.file_id,
    on_invoices.row_number
from on_invoices
left join exchange_rates
    on on_invoices.own_currency = exchange_rates.currency
    and on_invoices.rate_on >= exchange_rates.valid_from_on
    and on_invoices.rate_on < exchange_rates.valid_until_on
