{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

limits as (
    select * from {{ ref('all_account_limits') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

starts as (
    select
        account_id,
        cast('0001-01-01' as date) as valid_from_on,
        credit_limit_amount as document_amount,
        currency,
        true as is_estimated
    from accounts
    union all
    select
        account_id,
        valid_from_on,
        amount as document_amount,
        currency,
        false as is_estimated
    from limits
)

select
    starts.account_id,
    starts.valid_from_on,
    lead(starts.valid_from_on, 1, cast('9999-12-31' as date)) over (
        partition by starts.account_id
        order by starts.valid_from_on
    ) as valid_until_on,
    {{ money_times('starts.document_amount', 'exchange_rates.rate') }} as limit_amount,
    starts.is_estimated
from starts
cross join settings
left join exchange_rates
    on coalesce(starts.currency, settings.company_currency) = exchange_rates.currency
    and settings.as_of_date >= exchange_rates.valid_from_on
    and settings.as_of_date < exchange_rates.valid_until_on
