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

spans as (
    select
        campaigns.campaign_id,
        campaigns.channel,
        coalesce(campaigns.currency, settings.company_currency) as currency,
        cast(campaigns.actual_cost as decimal(18, 2)) as actual_cost,
        coalesce(campaigns.starts_on, least(campaigns.ends_on, settings.as_of_date)) as from_on,
        greatest(
            coalesce(campaigns.starts_on, least(campaigns.ends_on, settings.as_of_date)),
            least(campaigns.ends_on, settings.as_of_date)
        ) as to_on,
        campaigns.file_id,
        campaigns.row_number
    from campaigns
    cross join settings
    where campaigns.actual_cost is not null
)

select
    spans.*,
    exchange_rates.rate as exchange_rate
from spans
left join exchange_rates
    on spans.currency = exchange_rates.currency
    and spans.to_on >= exchange_rates.valid_from_on
    and spans.to_on < exchange_rates.valid_until_on
