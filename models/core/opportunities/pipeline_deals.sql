{{ config(schema='work') }}

with

dates as (
    select * from {{ ref('win_rates') }}
),

spans as (
    select * from {{ ref('opportunity_spans') }}
    where status = 'open'
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
            when spans.document_amount is null then 0
            else {{ money_times('spans.document_amount', 'daily_rates.rate') }}
        end as amount,
        coalesce(spans.probability, dates.win_rate, 0) as counted_probability
    from dates
    inner join spans
        on dates.reporting_date >= spans.valid_from_on
        and dates.reporting_date < spans.valid_until_on
    left join daily_rates
        on dates.reporting_date = daily_rates.reporting_date
        and spans.currency = daily_rates.currency
)

select
    reporting_date,
    opportunity_id,
    coalesce(owner_id, '(none)') as owner_id,
    coalesce(product_line, '(none)') as product_line,
    close_on,
    stage,
    coalesce(forecast_category, 'pipeline') as forecast_category,
    coalesce(forecast_category, 'pipeline') not in ('omitted', 'closed') as is_forecast,
    counted_probability as probability,
    amount,
    {{ money_times('amount', 'counted_probability') }} as weighted_amount,
    is_estimated
from standing_deals
