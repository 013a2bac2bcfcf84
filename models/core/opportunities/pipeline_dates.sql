with

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

forecast_dates as (
    select * from {{ ref('forecast_dates') }}
)

select reporting_date from reporting_dates
union distinct
select forecast_date as reporting_date from forecast_dates
