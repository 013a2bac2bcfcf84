{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

statements as (
    select * from {{ ref('all_aging_statements') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

in_currency as (
    select
        statements.stated_on,
        statements.account_id,
        statements.document_id,
        coalesce(statements.currency, settings.company_currency) as currency,
        {{ money_sum('statements.amount') }} as document_amount,
        min(statements.file_id) as file_id,
        min(statements.row_number) as row_number
    from statements
    cross join settings
    group by statements.stated_on, statements.account_id, statements.document_id, coalesce(statements.currency, settings.company_currency)
)

select
    in_currency.*,
    exchange_rates.rate as exchange_rate,
    {{ money_times('in_currency.document_amount', 'exchange_rates.rate') }} as amount
from in_currency
left join exchange_rates
    on in_currency.currency = exchange_rates.currency
    and in_currency.stated_on >= exchange_rates.valid_from_on
    and in_currency.stated_on < exchange_rates.valid_until_on
