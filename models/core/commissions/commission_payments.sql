{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

payments as (
    select * from {{ ref('all_commission_payments') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

in_currency as (
    select
        payments.*,
        coalesce(payments.currency, settings.company_currency) as own_currency
    from payments
    cross join settings
)

select
    in_currency.payment_id,
    in_currency.owner_id,
    in_currency.paid_on,
    in_currency.own_currency as currency,
    exchange_rates.rate as exchange_rate,
    {{ money_times('in_currency.amount', 'exchange_rates.rate') }} as amount,
    in_currency.file_id,
    in_currency.row_number
from in_currency
left join exchange_rates
    on in_currency.own_currency = exchange_rates.currency
    and in_currency.paid_on >= exchange_rates.valid_from_on
    and in_currency.paid_on < exchange_rates.valid_until_on
