with

settings as (
    select * from {{ ref('run_settings') }}
),

credit_notes as (
    select * from {{ ref('all_credit_notes') }}
),

returns as (
    select * from {{ ref('all_returns') }}
),

order_lines as (
    select * from {{ ref('all_order_lines') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

in_currency as (
    select
        credit_notes.*,
        order_lines.order_id,
        coalesce(credit_notes.currency, settings.company_currency) as own_currency
    from credit_notes
    cross join settings
    left join returns
        on credit_notes.return_id = returns.return_id
    left join order_lines
        on coalesce(credit_notes.order_line_id, returns.order_line_id) = order_lines.order_line_id
)

select
    in_currency.credit_note_id,
    in_currency.account_id,
    in_currency.invoice_id,
    in_currency.return_id,
    in_currency.order_line_id,
    in_currency.order_id,
    in_currency.issued_on,
    in_currency.own_currency as currency,
    in_currency.currency is null as is_currency_missing,
    exchange_rates.rate as exchange_rate,
    in_currency.amount as document_amount,
    coalesce(in_currency.tax_amount, 0) as document_tax_amount,
    {{ money_times('in_currency.amount', 'exchange_rates.rate') }} as amount,
    {{ money_times('coalesce(in_currency.tax_amount, 0)', 'exchange_rates.rate') }} as tax_amount,
    in_currency.reason,
    in_currency.file_id,
    in_currency.row_number
from in_currency
left join exchange_rates
    on in_currency.own_currency = exchange_rates.currency
    and in_currency.issued_on >= exchange_rates.valid_from_on
    and in_currency.issued_on < exchange_rates.valid_until_on
