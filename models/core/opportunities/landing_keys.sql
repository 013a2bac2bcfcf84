{{ config(materialized='view', schema='work') }}

-- Every level and period on as_of_date; before that company and teams for the quarter that the date lies in.

with

settings as (
    select * from {{ ref('run_settings') }}
),

periods as (
    select * from {{ ref('forecast_periods') }}
    where ends_on is not null
),

levels as (
    select * from {{ ref('pipeline_levels') }}
    where level in ('rep', 'team', 'company')
)

select
    levels.reporting_date,
    levels.period,
    periods.period_kind,
    {{ idiv(days_between('periods.reporting_date', 'periods.ends_on'), '7') }} as weeks_left,
    levels.level,
    levels.level_id,
    levels.won_amount
from levels
cross join settings
inner join periods
    on levels.reporting_date = periods.reporting_date
    and levels.period = periods.period
where
    levels.reporting_date = settings.as_of_date
    or (periods.period_kind = 'quarter' and levels.level in ('team', 'company') and levels.reporting_date >= periods.starts_on)
