{{ config(materialized='view', schema='work') }}

with

dates as (
    select * from {{ ref('win_rates') }}
),

spans as (
    select * from {{ ref('opportunity_spans') }}
    where status in ('open', 'won')
),

records as (
    select * from {{ ref('opportunity_records') }}
),

rates as (
    select * from {{ ref('exchange_rates') }}
),

daily_rates as (
    select
        dates.reporting_date,
        rates.currency,
        rates.rate
    from dates
    inner join rates
        on dates.reporting_date >= rates.valid_from_on
        and dates.reporting_date < rates.valid_until_on
),

standing_deals as (
    select
        dates.reporting_date,
        spans.*,
        case
            when spans.status = 'won' then spans.closed_amount
            when spans.document_amount is null then 0
            else {{ money_times('spans.document_amount', 'daily_rates.rate') }}
        end as amount,
        coalesce(spans.probability, dates.win_rate, 0) as counted_probability
    from dates
    inner join spans
        on dates.reporting_date >= spans.valid_from_on
        and dates.reporting_date < spans.valid_until_on
    left join daily_rates
        on spans.status = 'open'
        and dates.reporting_date = daily_rates.reporting_date
        and spans.currency = daily_rates.currency
)

select
    standing_deals.reporting_date,
    standing_deals.opportunity_id,
    standing_deals.status,
    coalesce(standing_deals.owner_id, '(none)') as owner_id,
    coalesce(records.product_line, '(none)') as product_line,
    case when standing_deals.status = 'won' then standing_deals.status_since_on else standing_deals.close_on end as falls_on,
    coalesce(standing_deals.forecast_category, 'pipeline') as forecast_category,
    standing_deals.counted_probability as probability,
    standing_deals.amount,
    {{ money_times('standing_deals.amount', 'standing_deals.counted_probability') }} as weighted_amount,
    standing_deals.is_estimated
from standing_deals
inner join records
    on standing_deals.opportunity_id = records.opportunity_id
