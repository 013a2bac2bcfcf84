{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

in_currency as (
    select
        campaigns.*,
        coalesce(campaigns.currency, settings.company_currency) as own_currency,
        least(coalesce(campaigns.starts_on, settings.as_of_date), settings.as_of_date) as rate_on
    from campaigns
    cross join settings
)

select
    in_currency.campaign_id,
    in_currency.campaign_name,
    in_currency.level,
    coalesce(in_currency.channel, '(none)') as channel,
    in_currency.parent_campaign_id,
    in_currency.starts_on,
    in_currency.ends_on,
    in_currency.owner_id,
    in_currency.status,
    in_currency.own_currency as currency,
    in_currency.rate_on,
    exchange_rates.rate as exchange_rate,
    {{ money_times('in_currency.budget', 'exchange_rates.rate') }} as budget,
    {{ money_times('in_currency.committed_amount', 'exchange_rates.rate') }} as committed_amount,
    {{ money_times('in_currency.expected_revenue_amount', 'exchange_rates.rate') }} as expected_revenue_amount,
    in_currency.expected_leads,
    in_currency.file_id,
    in_currency.row_number
from in_currency
left join exchange_rates
    on in_currency.own_currency = exchange_rates.currency
    and in_currency.rate_on >= exchange_rates.valid_from_on
    and in_currency.rate_on < exchange_rates.valid_until_on
