-- On as_of_date, period `all` of the company holds every open deal and every won one.
with

settings as (
    select * from {{ ref('run_settings') }}
),

opportunities as (
    select
        {{ money_sum("case when status = 'open' then amount end") }} as open_amount,
        {{ money_sum("case when status = 'won' then amount end") }} as won_amount
    from {{ ref('opportunities') }}
),

forecast as (
    select
        {{ money_sum('forecast.open_amount + forecast.omitted_amount') }} as open_amount,
        {{ money_sum('forecast.won_amount') }} as won_amount
    from {{ ref('pipeline_forecast') }} as forecast
    inner join settings
        on forecast.reporting_date = settings.as_of_date
    where forecast.level = 'company' and forecast.period = 'all'
)

select
    opportunities.open_amount,
    forecast.open_amount as forecast_open_amount,
    opportunities.won_amount,
    forecast.won_amount as forecast_won_amount
from opportunities
cross join forecast
where
    opportunities.open_amount <> forecast.open_amount
    or opportunities.won_amount <> forecast.won_amount
