{{ config(schema='work') }}

-- The calibration of just the deal's week before the end, else of its stage over all weeks (-1), else the stage's own.

with

deals as (
    select * from {{ ref('pipeline_deals') }}
    where is_forecast
),

periods as (
    select
        reporting_date,
        period,
        period_kind,
        starts_on,
        ends_on
    from {{ ref('forecast_periods') }}
    where ends_on is not null
    union distinct
    select
        reporting_date,
        period,
        period_kind,
        starts_on,
        ends_on
    from {{ ref('accuracy_periods') }}
),

dates as (
    select * from {{ ref('state_dates') }}
),

calibrations as (
    select * from {{ ref('stage_calibrations') }}
),

placed_deals as (
    select
        deals.reporting_date,
        periods.period,
        periods.period_kind,
        {{ idiv(days_between('deals.reporting_date', 'periods.ends_on'), '7') }} as weeks_left,
        deals.opportunity_id,
        deals.owner_id,
        deals.product_line,
        coalesce(deals.stage, '(none)') as stage,
        deals.forecast_category,
        deals.amount,
        deals.weighted_amount,
        deals.probability
    from deals
    inner join periods
        on deals.reporting_date = periods.reporting_date
        and deals.close_on >= periods.starts_on
        and deals.close_on <= periods.ends_on
),

dated_calibrations as (
    select
        dates.reporting_date,
        calibrations.*
    from dates
    inner join calibrations
        on dates.reporting_date >= calibrations.valid_from_on
        and dates.reporting_date < calibrations.valid_until_on
)

select
    placed_deals.reporting_date,
    placed_deals.period,
    placed_deals.period_kind,
    placed_deals.weeks_left,
    placed_deals.opportunity_id,
    placed_deals.owner_id,
    placed_deals.product_line,
    placed_deals.stage,
    placed_deals.forecast_category,
    placed_deals.amount,
    placed_deals.weighted_amount,
    cast(coalesce(weekly.probability, overall.probability, placed_deals.probability) as decimal(18, 6)) as probability
from placed_deals
left join dated_calibrations as weekly
    on placed_deals.reporting_date = weekly.reporting_date
    and placed_deals.period_kind = weekly.period_kind
    and placed_deals.stage = weekly.stage
    and placed_deals.weeks_left = weekly.weeks_left
left join dated_calibrations as overall
    on placed_deals.reporting_date = overall.reporting_date
    and placed_deals.period_kind = overall.period_kind
    and placed_deals.stage = overall.stage
    and overall.weeks_left = -1
