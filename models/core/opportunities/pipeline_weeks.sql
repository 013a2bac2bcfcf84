{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

first_movement as (
    select * from {{ ref('first_movement') }}
),

forecast_dates as (
    select * from {{ ref('forecast_dates') }}
),

week_ends as (
    select forecast_date as ends_on from forecast_dates
    union distinct
    select as_of_date as ends_on from settings
)

select
    week_ends.ends_on,
    coalesce({{ add_days('lag(week_ends.ends_on) over (order by week_ends.ends_on)', 1) }}, first_movement.first_on) as starts_on,
    lag(week_ends.ends_on, 1, cast('0001-01-01' as date)) over (order by week_ends.ends_on) as opens_on
from week_ends
cross join first_movement
